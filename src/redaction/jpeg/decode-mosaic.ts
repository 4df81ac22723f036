import type { Bytes } from "../bytes.ts";
import sharp from "sharp";
import { CamfenceError } from "../../core/errors.ts";
import { bitsOf, informationBits, quantise } from "../cell-grid.ts";
import type { CellGrid, CellValues } from "../cell-grid.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { cellMeans } from "../mosaic-raw.ts";
import type { RedactionPolicy } from "../policy.ts";
import { rawLayout } from "../raw-layout.ts";
import type { JpegColour } from "./jpeg-structure.ts";

/**
 * The cell colours of any JPEG that libvips reads, from its pixels. `jpeg` carries no metadata, so that no colour
 * profile is applied. Rejects for every warning of the decoder.
 */
export async function decodeMosaic(
  jpeg: Bytes,
  colour: JpegColour,
  grid: CellGrid,
  policy: RedactionPolicy,
  kernels: Kernels,
): Promise<CellValues> {
  const options = { failOn: "warning", limitInputPixels: policy.maxPixels, sequentialRead: true } as const;
  const { data, info } = await sharp(jpeg, options)
    .toColourspace(colour === "gray" ? "b-w" : "srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const channels = colour === "gray" ? 1 : 3;
  if (info.width !== grid.widthPx || info.height !== grid.heightPx || info.channels !== channels) {
    throw new CamfenceError("malformed", "JPEG decodes to another size than its header says");
  }
  const shape = { width: info.width, height: info.height };
  const layout = rawLayout(colour === "gray" ? "gray8" : "rgb24", shape);
  if (layout === null) throw new CamfenceError("fault", "a packed picture has no layout");
  const means = cellMeans(data, layout, grid, kernels);
  data.fill(0);
  if (colour === "ycbcr") toYcbcr(means.sums, grid.columns * grid.rows, means.counts);
  const bytes = Uint8Array.from(means.sums, (sum, i) => {
    const channel = Math.floor(i / (grid.columns * grid.rows));
    return quantise(
      Math.max(0, Math.round(sum)),
      means.counts[i] ?? 1,
      bitsOf(policy, channel, colour === "rgb" ? 1 : 0),
    );
  });
  return { grid, bytes, informationBits: informationBits(grid, policy, channels) };
}

/** JFIF 1.02: full-range YCbCr. Being linear, the transform of a sum is the sum of the transforms. */
function toYcbcr(sums: Float64Array, cells: number, counts: Float64Array): void {
  for (let i = 0; i < cells; i++) {
    const r = sums[i] ?? 0;
    const g = sums[cells + i] ?? 0;
    const b = sums[2 * cells + i] ?? 0;
    const middle = 128 * (counts[i] ?? 0);
    sums[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    sums[cells + i] = middle - 0.168736 * r - 0.331264 * g + 0.5 * b;
    sums[2 * cells + i] = middle + 0.5 * r - 0.418688 * g - 0.081312 * b;
  }
}
