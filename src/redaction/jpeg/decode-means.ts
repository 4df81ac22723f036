import { CamfenceError } from "../../core/errors.ts";
import type { Bytes } from "../bytes.ts";
import type { CellGrid, CellMeans } from "../cell-grid.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { measureRaw } from "../measure-raw.ts";
import { rawLayout } from "../raw-layout.ts";
import type { JpegColour } from "./jpeg-structure.ts";

// A hundred times what a camera's picture takes.
const MOST_SECONDS = 5;

/**
 * The cell means of any JPEG that libvips reads, from its pixels, in the JPEG's own colour space. `jpeg` carries no
 * metadata, so that no colour profile is applied. Rejects for every warning of the decoder.
 */
export async function decodeMeans(
  jpeg: Bytes,
  colour: JpegColour,
  grid: CellGrid,
  maxPixels: number,
  kernels: Kernels,
): Promise<CellMeans> {
  // Read with the first picture that needs it: a vehicle begins to guard without it.
  const { default: sharp } = await import("sharp");
  const { data, info } = await sharp(jpeg, {
    failOn: "warning",
    limitInputPixels: maxPixels,
    sequentialRead: true,
  })
    .toColourspace(colour === "gray" ? "b-w" : "srgb")
    .raw()
    .timeout({ seconds: MOST_SECONDS })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const layout = rawLayout(colour === "gray" ? "gray8" : "rgb24", { width, height });
  const wanted = colour === "gray" ? 1 : 3;
  if (layout === null || width !== grid.widthPx || height !== grid.heightPx || channels !== wanted) {
    throw new CamfenceError("malformed", "JPEG decodes to another size than its header says");
  }
  const means = measureRaw(data, layout, grid, kernels);
  data.fill(0);
  return colour === "ycbcr" ? toYcbcr(means, grid.columns * grid.rows) : means;
}

/** JFIF 1.02: full-range YCbCr. Being linear, the transform of a sum is the sum of the transforms. */
function toYcbcr({ sums, counts }: CellMeans, cells: number): CellMeans {
  const out = new Float64Array(sums.length);
  for (let i = 0; i < cells; i++) {
    const r = sums[i] ?? 0;
    const g = sums[cells + i] ?? 0;
    const b = sums[2 * cells + i] ?? 0;
    const middle = 128 * (counts[i] ?? 0);
    out[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    out[cells + i] = middle - 0.168736 * r - 0.331264 * g + 0.5 * b;
    out[2 * cells + i] = middle + 0.5 * r - 0.418688 * g - 0.081312 * b;
  }
  return { sums: out, counts };
}
