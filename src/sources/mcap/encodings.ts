import type { Frame } from "../frame.ts";

/** How an encoding's pixels lie, in our words. */
export interface PixelLayout {
  readonly format: Exclude<Frame["format"], "jpeg" | "h264" | "h265">;
  /** What must happen to the bytes on the way in and out. */
  readonly reorder?: "swap-pairs";
}

/**
 * The encodings of ROS's `sensor_msgs/image_encodings.hpp` and of `foxglove.RawImage` that have 8 bits a sample. A Bayer
 * pattern is greys in a plane, and BGRA has its alpha where RGBA has it. Deeper samples are in `DEEP_BYTES`.
 */
const LAYOUTS: Readonly<Record<string, PixelLayout>> = {
  mono8: { format: "gray8" },
  "8UC1": { format: "gray8" },
  rgb8: { format: "rgb24" },
  bgr8: { format: "bgr24" },
  "8UC3": { format: "bgr24" },
  rgba8: { format: "rgba" },
  bgra8: { format: "rgba" },
  "8UC4": { format: "rgba" },
  nv12: { format: "nv12" },
  nv21: { format: "nv12" },
  i420: { format: "i420" },
  yuyv: { format: "yuyv" },
  yuv422_yuy2: { format: "yuyv" },
  uyvy: { format: "yuyv", reorder: "swap-pairs" },
  yuv422: { format: "yuyv", reorder: "swap-pairs" },
  bayer_rggb8: { format: "gray8" },
  bayer_bggr8: { format: "gray8" },
  bayer_gbrg8: { format: "gray8" },
  bayer_grbg8: { format: "gray8" },
};

export function layoutOf(encoding: string): PixelLayout | null {
  return (Object.hasOwn(LAYOUTS, encoding) ? LAYOUTS[encoding] : null) ?? null;
}

/** Bytes of a pixel whose samples are deeper than 8 bits (depth, heat, raw sensors): a frame has no format for them. */
const DEEP_BYTES: Readonly<Record<string, number>> = {
  mono16: 2,
  "16UC1": 2,
  "16SC1": 2,
  bayer_rggb16: 2,
  bayer_bggr16: 2,
  bayer_gbrg16: 2,
  bayer_grbg16: 2,
  "32FC1": 4,
  "32SC1": 4,
  rgb16: 6,
  bgr16: 6,
  "16UC3": 6,
  rgba16: 8,
  bgra16: 8,
  "16UC4": 8,
  "64FC1": 8,
};

export function deepBytesOf(encoding: string): number | null {
  return (Object.hasOwn(DEEP_BYTES, encoding) ? DEEP_BYTES[encoding] : null) ?? null;
}
