import protobuf from "protobufjs/minimal.js";
import { CamfenceError } from "../../core/errors.ts";
import { layoutOf } from "../../redaction/raw-frame.ts";
import type { RawFormat, RawLayout } from "../../redaction/raw-layout.ts";
import type { Frame } from "../../sources/frame.ts";
import { IMAGE_SCHEMAS } from "./foxglove-schemas.ts";
import type { ImageSchema } from "./foxglove-schemas.ts";

/** How frames of one camera, format, size and stride are recorded. */
export interface FrameMessage {
  readonly schema: ImageSchema;
  /** The protobuf fields that are the same in every frame. */
  readonly fixed: Uint8Array;
  readonly data: (frame: Frame) => Uint8Array;
}

// RawImage has no I420: it is recorded as NV12, which holds the same samples.
const ENCODINGS: Readonly<Record<RawFormat, string>> = {
  nv12: "nv12",
  i420: "nv12",
  yuyv: "yuyv",
  rgb24: "rgb8",
  bgr24: "bgr8",
  rgba: "rgba8",
  gray8: "mono8",
};

/** Throws CamfenceError `unsupported` for 4:2:0 of odd size, which RawImage cannot say. */
export function frameMessage(frame: Frame): FrameMessage {
  switch (frame.format) {
    case "jpeg":
      return {
        schema: "CompressedImage",
        fixed: compressedFields(frame, "CompressedImage"),
        data: ({ data }) => data,
      };
    case "h264":
    case "h265":
      return {
        schema: "CompressedVideo",
        fixed: compressedFields(frame, "CompressedVideo"),
        data: ({ data }) => data,
      };
    case "nv12":
    case "i420":
    case "yuyv":
    case "rgb24":
    case "bgr24":
    case "rgba":
    case "gray8":
      return rawMessage(frame, frame.format);
    default:
      return frame.format satisfies never;
  }
}

function compressedFields(frame: Frame, schema: "CompressedImage" | "CompressedVideo"): Uint8Array {
  const fields = IMAGE_SCHEMAS[schema];
  const out = new protobuf.Writer();
  out.uint32((fields.frame_id << 3) | 2).string(frame.camera);
  return out
    .uint32((fields.format << 3) | 2)
    .string(frame.format)
    .finish();
}

function rawMessage(frame: Frame, format: RawFormat): FrameMessage {
  const layout = layoutOf(frame, format);
  const planar = format === "nv12" || format === "i420";
  if (planar && (frame.width % 2 !== 0 || frame.height % 2 !== 0)) {
    const size = `${frame.width}×${frame.height}`;
    throw new CamfenceError(
      "unsupported",
      `${format} of ${size} cannot be recorded: RawImage wants even sizes`,
    );
  }
  const stepBytes = layout.planes[0]?.rowBytes ?? 0;
  const fields = IMAGE_SCHEMAS.RawImage;
  const out = new protobuf.Writer();
  out.uint32((fields.frame_id << 3) | 2).string(frame.camera);
  out.uint32((fields.width << 3) | 5).fixed32(frame.width);
  out.uint32((fields.height << 3) | 5).fixed32(frame.height);
  out.uint32((fields.encoding << 3) | 2).string(ENCODINGS[format]);
  out.uint32((fields.step << 3) | 5).fixed32(stepBytes);
  return { schema: "RawImage", fixed: out.finish(), data: packer(format, layout) };
}

/** Rows without padding, chroma interleaved. */
function packer(format: RawFormat, layout: RawLayout): (frame: Frame) => Uint8Array {
  const packedBytes = layout.planes.reduce((sum, plane) => sum + plane.rowBytes * plane.rows, 0);
  const asItIs = format !== "i420" && packedBytes === layout.sizeBytes;
  return ({ data }) => {
    if (asItIs && data.length === packedBytes) return data;
    const packed = packRows(data, layout, packedBytes);
    return format === "i420" ? interleaveChroma(packed) : packed;
  };
}

function packRows(data: Uint8Array, layout: RawLayout, packedBytes: number): Uint8Array {
  const out = new Uint8Array(packedBytes);
  let to = 0;
  for (const { offsetBytes, strideBytes, rowBytes, rows } of layout.planes) {
    for (let row = 0; row < rows; row++) {
      const at = offsetBytes + row * strideBytes;
      out.set(data.subarray(at, at + rowBytes), to);
      to += rowBytes;
    }
  }
  return out;
}

/** I420 to NV12 of an even size: of six equal parts, four are brightness, one is U and one is V. */
function interleaveChroma(i420: Uint8Array): Uint8Array {
  const chromaBytes = i420.length / 6;
  const out = i420.slice();
  for (let i = 0; i < chromaBytes; i++) {
    out[4 * chromaBytes + 2 * i] = i420[4 * chromaBytes + i] ?? 0;
    out[4 * chromaBytes + 2 * i + 1] = i420[5 * chromaBytes + i] ?? 0;
  }
  return out;
}
