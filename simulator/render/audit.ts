import type { FrameCode } from "./frame-code.ts";
import { readCode } from "./frame-code.ts";
import type { RgbImage } from "./image.ts";

/** What a released image shows, by its pixels alone. */
export interface ImageAudit {
  /** Pixels of the walls' colour. */
  readonly markerPx: number;
  /** null where it cannot be read, as in a blurred one. */
  readonly code: FrameCode | null;
  /** The most steps of brightness along any row: a mosaic has as many as it has cells, an image hundreds. */
  readonly steps: number;
}

/** What JPEG and the colour conversion leave of magenta, and nothing else in the scene comes near. */
const RED_LEAST = 140;
const GREEN_MOST = 100;
const STEP_LEVELS = 10;

export function auditImage(image: RgbImage): ImageAudit {
  const { width, height, rgb } = image;
  let markerPx = 0;
  let steps = 0;
  for (let y = 0; y < height; y++) {
    let ownSteps = 0;
    let before = rgb[3 * y * width + 1] ?? 0;
    for (let at = 3 * y * width; at < 3 * (y + 1) * width; at += 3) {
      const green = rgb[at + 1] ?? 0;
      if ((rgb[at] ?? 0) >= RED_LEAST && (rgb[at + 2] ?? 0) >= RED_LEAST && green <= GREEN_MOST) markerPx++;
      if (Math.abs(green - before) >= STEP_LEVELS) ownSteps++;
      before = green;
    }
    steps = Math.max(steps, ownSteps);
  }
  return { markerPx, code: readCode(image), steps };
}
