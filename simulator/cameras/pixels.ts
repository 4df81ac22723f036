import { CamfenceError } from "../../src/core/errors.ts";
import type { PixelSource, Shot } from "../drive.ts";

/** Pixels that show nothing, as many as the format wants; all frames of one size share them. JPEG needs a source of its own. */
export function blankPixels(): PixelSource {
  const known = new Map<string, Uint8Array<ArrayBuffer>>();
  return (shot) => {
    const key = `${shot.format} ${shot.width} ${shot.height}`;
    const pixels = known.get(key) ?? new Uint8Array(sizeBytes(shot)).fill(128);
    known.set(key, pixels);
    return pixels;
  };
}

function sizeBytes({ format, width, height }: Shot): number {
  const halves = Math.ceil(width / 2) * Math.ceil(height / 2);
  switch (format) {
    case "gray8":
      return width * height;
    case "nv12":
    case "i420":
      return width * height + 2 * halves;
    case "yuyv":
      return 4 * Math.ceil(width / 2) * height;
    case "rgb24":
    case "bgr24":
      return 3 * width * height;
    case "rgba":
      return 4 * width * height;
    case "jpeg":
    case "h264":
    case "h265":
      throw new CamfenceError("usage", `${format} frames need a source of pixels`);
    default:
      return format satisfies never;
  }
}
