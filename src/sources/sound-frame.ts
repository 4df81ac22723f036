import type { Frame, FrameIn } from "./frame.ts";
import { FRAME_FORMATS, isBroken } from "./frame.ts";

/**
 * What is wrong with a frame's description, or null. The same rules as the `Frame` schema, at a fiftieth of its
 * cost: this runs for every frame. The pixels are looked at later, by the redaction.
 */
export function flawOf(frame: FrameIn, camera: string): string | null {
  if (isBroken(frame)) return frame.broken;
  if (frame.camera !== camera) return `got a frame of camera ${frame.camera} from camera ${camera}`;
  if (!Number.isFinite(frame.timeMs)) return `got time ${frame.timeMs}`;
  if (!Number.isSafeInteger(frame.seq) || frame.seq < 0) return `got sequence number ${frame.seq}`;
  if (!isSide(frame.width) || !isSide(frame.height)) return `got size ${frame.width}×${frame.height}`;
  if (!FORMATS.has(frame.format)) return `got format ${frame.format}`;
  if (!(frame.data instanceof Uint8Array)) return "got no bytes";
  return typeof frame.keyframe === "boolean" ? null : "got no word on whether it is a keyframe";
}

const FORMATS: ReadonlySet<Frame["format"]> = new Set(FRAME_FORMATS);
const MAX_SIDE = 65_535;

function isSide(pixels: number): boolean {
  return Number.isInteger(pixels) && pixels > 0 && pixels <= MAX_SIDE;
}
