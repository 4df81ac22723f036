import { CamfenceError } from "../../core/errors.ts";
import { BitWriter } from "../bit-writer.ts";
import type { Bytes } from "../bytes.ts";

// The last ids there are, so that a camera's own parameter sets, which come once and count for later pictures, stay.
const SPS_ID = 31;
const PPS_ID = 255;
const BASELINE = 66;
const HIGHEST_LEVEL = 51;
const MACROBLOCK_PX = 16;
// mb_type 3 (Intra 16×16 predicted by the mean, no coefficients), mean prediction of colour, no change of quantiser, no
// DC coefficients: 00100 1 1 1. Without neighbours the mean is 128, and so it goes on.
const GREY_MACROBLOCK = 0b0010_0111;

/**
 * One access unit in Annex B form that decodes by itself to a grey picture: parameter sets and an IDR slice that holds
 * nothing of any original (H.264 clauses 7.3.2.1, 7.3.2.2, 7.3.3). Throws CamfenceError `unsupported` for odd sizes, which
 * 4:2:0 has no cropping for.
 */
export function greyH264(widthPx: number, heightPx: number): Bytes {
  if (widthPx % 2 !== 0 || heightPx % 2 !== 0) {
    throw new CamfenceError("unsupported", `H.264 of ${widthPx}×${heightPx} is of odd size`);
  }
  const columns = Math.ceil(widthPx / MACROBLOCK_PX);
  const rows = Math.ceil(heightPx / MACROBLOCK_PX);
  const units = [
    nalUnit(0x67, sequenceParameters(columns, rows, widthPx, heightPx)),
    nalUnit(0x68, pictureParameters()),
    nalUnit(0x65, idrSlice(columns * rows)),
  ];
  return Uint8Array.from(units.flatMap((unit) => [0, 0, 0, 1, ...unit]));
}

function sequenceParameters(columns: number, rows: number, widthPx: number, heightPx: number): Bytes {
  const bits = new BitWriter();
  for (const byte of [BASELINE, 0, HIGHEST_LEVEL]) bits.put(byte, 8);
  putUnsigned(bits, SPS_ID);
  putUnsigned(bits, 0); // log2_max_frame_num − 4
  putUnsigned(bits, 2); // pic_order_cnt_type: output in order
  putUnsigned(bits, 1); // max_num_ref_frames
  bits.put(0, 1); // gaps_in_frame_num_value_allowed
  putUnsigned(bits, columns - 1);
  putUnsigned(bits, rows - 1);
  bits.put(0b11, 2); // frame_mbs_only, direct_8x8_inference
  const cropped = [0, columns * MACROBLOCK_PX - widthPx, 0, rows * MACROBLOCK_PX - heightPx];
  bits.put(cropped.some((px) => px > 0) ? 1 : 0, 1);
  if (cropped.some((px) => px > 0)) for (const px of cropped) putUnsigned(bits, px / 2);
  bits.put(0, 1); // no VUI
  return finishRbsp(bits);
}

function pictureParameters(): Bytes {
  const bits = new BitWriter();
  putUnsigned(bits, PPS_ID);
  putUnsigned(bits, SPS_ID);
  bits.put(0, 2); // CAVLC, no bottom_field_pic_order
  for (let i = 0; i < 3; i++) putUnsigned(bits, 0); // one slice group, one reference each
  bits.put(0, 3); // no weighted prediction
  for (let i = 0; i < 3; i++) putUnsigned(bits, 0); // quantisers as they come
  bits.put(0, 3); // no deblocking_filter_control, constrained_intra_pred, redundant_pic_cnt
  return finishRbsp(bits);
}

function idrSlice(macroblocks: number): Bytes {
  const bits = new BitWriter();
  putUnsigned(bits, 0); // first_mb_in_slice
  putUnsigned(bits, 7); // all slices are I
  putUnsigned(bits, PPS_ID);
  bits.put(0, 4); // frame_num
  putUnsigned(bits, 0); // idr_pic_id
  bits.put(0, 2); // no_output_of_prior_pics, long_term_reference
  putUnsigned(bits, 0); // slice_qp_delta
  for (let i = 0; i < macroblocks; i++) bits.put(GREY_MACROBLOCK, 8);
  return finishRbsp(bits);
}

/** ue(v), clause 9.1: as many zeros as follow bits after the first one. */
function putUnsigned(bits: BitWriter, value: number): void {
  const length = 32 - Math.clz32(value + 1);
  bits.put(0, length - 1);
  bits.put(value + 1, length);
}

/** The stop bit and what is left of the byte. */
function finishRbsp(bits: BitWriter): Bytes {
  bits.put(1, 1);
  return bits.finish(0);
}

/** Header and payload; a 3 is put in where three bytes would look like a start code (clause 7.4.1). */
function nalUnit(header: number, rbsp: Uint8Array): number[] {
  const out = [header];
  let zeros = 0;
  for (const byte of rbsp) {
    if (zeros >= 2 && byte <= 3) {
      out.push(3);
      zeros = 0;
    }
    out.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out;
}
