import type { Frame } from "../../sources/frame.ts";
import { nalUnits } from "./nal-units.ts";
import type { VideoFormat } from "./nal-units.ts";

/**
 * True when the frame can be decoded without any other: every JPEG and raw frame, an H.264 access unit with only IDR
 * slices, an H.265 one with only IDR, CRA or BLA slices. Read from the NAL unit headers, not from `frame.keyframe`.
 * "unknown" when it has no slices or cannot be read.
 */
export function isKeyframe(frame: Frame): boolean | "unknown" {
  if (frame.format !== "h264" && frame.format !== "h265") return true;
  const types = sliceTypes(frame.data, frame.format);
  if (types === null || types.length === 0) return "unknown";
  return types.every((type) => (frame.format === "h264" ? type === 5 : type >= 16 && type <= 21));
}

/**
 * True when an H.265 frame follows a CRA or BLA picture but is predicted from pictures before it (RASL, types 8 and 9).
 * After a drop it must be dropped too, until a frame that is neither this nor a keyframe: it carries residuals of what
 * was dropped.
 */
export function isSkippedLeading(frame: Frame): boolean {
  return (
    frame.format === "h265" && (sliceTypes(frame.data, "h265") ?? []).some((type) => type === 8 || type === 9)
  );
}

function sliceTypes(data: Uint8Array, format: VideoFormat): number[] | null {
  try {
    return nalUnits(data, format)
      .map((unit) => unit.type)
      .filter((type) => (format === "h264" ? type >= 1 && type <= 5 : type <= 31));
  } catch {
    return null;
  }
}
