import type { Bytes } from "../bytes.ts";
import { CamfenceError } from "../../core/errors.ts";
import { nalUnits } from "./nal-units.ts";
import type { NalUnit, VideoFormat } from "./nal-units.ts";
import { isPlainSei } from "./sei.ts";

// Only what a decoder of the base picture needs. Left out are filler, SEI that carries more than timing, auxiliary
// pictures, other layers and views, and types that no standard defines.
// H.264 table 7-1: 1 to 5 slices and partitions, 6 SEI, 7 SPS, 8 PPS, 9 delimiter, 10 and 11 ends.
const H264 = { slices: [1, 2, 3, 4, 5], sets: [7, 8, 9, 10, 11], sei: [6] };
// H.265 table 7-1: 0 to 9 and 16 to 21 slices, 32 VPS, 33 SPS, 34 PPS, 35 delimiter, 36 and 37 ends, 39 and 40 SEI.
const H265 = {
  slices: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 18, 19, 20, 21],
  sets: [32, 33, 34, 35, 36, 37],
  sei: [39, 40],
};

/**
 * The access unit without user data: parameter sets and slices stay byte for byte, an SEI NAL unit stays only when all
 * its messages are about timing and buffering. Nothing to leave out: `data` itself.
 */
export function stripCoded(data: Bytes, format: VideoFormat, metadata: "strip" | "keep"): Bytes {
  const units = nalUnits(data, format);
  const types = format === "h264" ? H264 : H265;
  const isNeeded = (unit: NalUnit): boolean =>
    unit.layer === 0 &&
    (types.slices.includes(unit.type) ||
      types.sets.includes(unit.type) ||
      (types.sei.includes(unit.type) && (metadata === "keep" || isPlainSei(data, unit, format))));
  if (!units.some((unit) => types.slices.includes(unit.type) || types.sets.includes(unit.type))) {
    throw new CamfenceError("malformed", "access unit has neither slices nor parameter sets");
  }
  return units.every(isNeeded) ? data : join(data, units.filter(isNeeded));
}

function join(data: Bytes, units: readonly NalUnit[]): Bytes {
  const sizeBytes = units.reduce((sum, unit) => sum + 4 /* start code */ + unit.end - unit.start, 0);
  const out = new Uint8Array(sizeBytes);
  let at = 0;
  for (const { start, end } of units) {
    out[at + 3] = 1;
    out.set(data.subarray(start, end), at + 4);
    at += 4 + end - start;
  }
  return out;
}
