import type { Frame } from "../sources/frame.ts";
import type { Blurred } from "./blur.ts";
import type { BufferPool } from "./buffer-pool.ts";
import type { Bytes } from "./bytes.ts";
import { cellGrid, quantiseMeans } from "./cell-grid.ts";
import type { CellValues } from "./cell-grid.ts";
import type { Kernels } from "./kernels/kernels.ts";
import { measureRaw } from "./measure-raw.ts";
import { paintRaw } from "./paint-raw.ts";
import type { RedactionPolicy } from "./policy.ts";
import { layoutOf } from "./raw-frame.ts";
import type { RawFormat, RawLayout } from "./raw-layout.ts";
import { solidValues } from "./solid.ts";
import type { Choose, RawMosaic } from "./standing-mosaic.ts";

/** Blurs raw frames, in place when the policy owns them. While a mosaic stands, its picture is given out again. */
export function createRawBlur(
  policy: RedactionPolicy,
  kernels: Kernels,
  choose: Choose,
  pool: BufferPool | null,
): (frame: Frame, format: RawFormat) => Blurred {
  // A picture that goes into the caller's memory, or comes back to the pool, is painted anew every time.
  const shares = policy.originals === "caller" && pool === null;

  function paint(frame: Frame, layout: RawLayout, values: CellValues): Bytes {
    const data = target(frame, layout, policy, pool);
    paintRaw(data, layout, values);
    return data;
  }

  function mosaicOf(frame: Frame, layout: RawLayout): RawMosaic {
    const solid = (): RawMosaic => ({
      values: solidValues(frame.width, frame.height, layout.channels),
      painted: null,
    });
    if (policy.mode === "solid") return solid();
    const choice = choose(frame, layout);
    if (choice.kind === "standing" && "values" in choice.mosaic) return choice.mosaic;
    if (choice.kind !== "fresh") return solid();
    const grid = cellGrid(frame.width, frame.height, policy.cells);
    const means = measureRaw(frame.data, layout, grid, kernels);
    const values = quantiseMeans(means, grid, policy, layout.lumaChannel);
    const mosaic = { values, painted: shares ? paint(frame, layout, values) : null };
    choice.keep(mosaic);
    return mosaic;
  }

  return (frame, format) => {
    const layout = layoutOf(frame, format);
    const { values, painted } = mosaicOf(frame, layout);
    const data = painted ?? paint(frame, layout, values);
    return { ok: true, frame: { ...frame, data }, informationBits: values.informationBits };
  };
}

/** Memory for the blurred picture; all of it is painted over. */
function target(frame: Frame, layout: RawLayout, policy: RedactionPolicy, pool: BufferPool | null): Bytes {
  if (policy.originals === "caller") return pool?.take(layout.sizeBytes) ?? new Uint8Array(layout.sizeBytes);
  // What lies behind the picture is the original's as well.
  frame.data.fill(0, layout.sizeBytes);
  return frame.data.subarray(0, layout.sizeBytes);
}
