import * as z from "zod";

/**
 * Pixel and coding formats. Raw formats follow V4L2's definitions: NV12 and I420 are 4:2:0, YUYV is 4:2:2
 * packed. `h264` and `h265` are one access unit in Annex B form.
 */
export const FRAME_FORMATS = [
  "jpeg",
  "nv12",
  "i420",
  "yuyv",
  "rgb24",
  "bgr24",
  "rgba",
  "gray8",
  "h264",
  "h265",
] as const;
export type FrameFormat = (typeof FRAME_FORMATS)[number];

export const Frame = z.strictObject({
  camera: z.string().min(1),
  /** Mid-exposure, milliseconds since the Unix epoch on the shared clock. */
  timeMs: z.number(),
  seq: z.int().nonnegative(),
  width: z.int().positive().max(65_535),
  height: z.int().positive().max(65_535),
  format: z.enum(FRAME_FORMATS),
  data: z.instanceof(Uint8Array),
  /** True unless decoding needs an earlier frame; only coded video has frames that do. */
  keyframe: z.boolean(),
  /** Bytes from one row of the first plane to the next; absent = tightly packed. */
  strideBytes: z.int().positive().optional(),
});

/** One camera image or coded access unit. */
export type Frame = Readonly<z.infer<typeof Frame>>;

/** An image that came in and cannot be read as one; `broken` says which and why. It is never released. */
export interface BrokenFrame {
  readonly camera: string;
  readonly timeMs: number;
  readonly seq: number;
  readonly broken: string;
}

/** What a camera delivers. */
export type FrameIn = Frame | BrokenFrame;

export function isBroken(frame: FrameIn): frame is BrokenFrame {
  return "broken" in frame;
}
