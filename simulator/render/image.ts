import { CamfenceError } from "../../src/core/errors.ts";
import type { FrameFormat } from "../../src/sources/frame.ts";

/** Three bytes a pixel, row by row, without padding. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array<ArrayBuffer>;
}

/** The bytes of a raw format; `jpeg` needs an encoder of another's. Width and height are even. */
export function encodeRaw(image: RgbImage, format: FrameFormat): Uint8Array<ArrayBuffer> {
  if (format === "rgb24") return image.rgb.slice();
  if (format === "nv12") return toNv12(image);
  throw new CamfenceError("unsupported", `the renderer makes rgb24 and nv12, not ${format}`);
}

export function decodeRaw(
  data: Uint8Array,
  width: number,
  height: number,
  format: "rgb24" | "nv12",
): RgbImage {
  if (format === "rgb24") return { width, height, rgb: Uint8Array.from(data) };
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const chroma = width * height + (y >> 1) * width + (x & ~1);
      const luma = 1.164 * ((data[y * width + x] ?? 0) - 16);
      const [u, v] = [(data[chroma] ?? 0) - 128, (data[chroma + 1] ?? 0) - 128];
      const at = 3 * (y * width + x);
      rgb[at] = clamped(luma + 1.596 * v);
      rgb[at + 1] = clamped(luma - 0.392 * u - 0.813 * v);
      rgb[at + 2] = clamped(luma + 2.017 * u);
    }
  }
  return { width, height, rgb };
}

/** BT.601, studio range; each colour sample is that of the upper left pixel of its four. */
function toNv12({ width, height, rgb }: RgbImage): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(width * height + 2 * (width >> 1) * (height >> 1));
  let colour = width * height;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 3 * (y * width + x);
      const [r, g, b] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
      out[y * width + x] = 16 + ((66 * r + 129 * g + 25 * b + 128) >> 8);
      if ((x | y) & 1) continue;
      out[colour++] = 128 + ((-38 * r - 74 * g + 112 * b + 128) >> 8);
      out[colour++] = 128 + ((112 * r - 94 * g - 18 * b + 128) >> 8);
    }
  }
  return out;
}

function clamped(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
