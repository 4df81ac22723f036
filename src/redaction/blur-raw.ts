import type { Frame } from "../sources/frame.ts";
import type { Blurred } from "./blur.ts";
import { cellGrid, quantiseMeans } from "./cell-grid.ts";
import type { CellValues } from "./cell-grid.ts";
import type { Kernels } from "./kernels/kernels.ts";
import { measureRaw } from "./measure-raw.ts";
import { paintRaw } from "./paint-raw.ts";
import type { RedactionPolicy } from "./policy.ts";
import { layoutOf } from "./raw-frame.ts";
import type { RawFormat, RawLayout } from "./raw-layout.ts";
import { solidValues } from "./solid.ts";
import { createStandingMosaics } from "./standing-mosaic.ts";

/** Blurs raw frames, in place when the policy owns them. */
export function createRawBlur(
  policy: RedactionPolicy,
  kernels: Kernels,
): (frame: Frame, format: RawFormat) => Blurred {
  const choose = createStandingMosaics<CellValues>(policy.refreshMs);

  function valuesFor(frame: Frame, layout: RawLayout): CellValues {
    const solid = solidValues(frame.width, frame.height, layout.channels);
    if (policy.mode === "solid") return solid;
    const choice = choose(frame, `${frame.format} ${frame.width}×${frame.height}`);
    if (choice.kind === "solid") return solid;
    if (choice.kind === "standing") return choice.mosaic;
    const grid = cellGrid(frame.width, frame.height, policy.cells);
    const means = measureRaw(frame.data, layout, grid, kernels);
    const values = quantiseMeans(means, grid, policy, layout.lumaChannel);
    choice.keep(values);
    return values;
  }

  return (frame, format) => {
    const layout = layoutOf(frame, format);
    const values = valuesFor(frame, layout);
    const inPlace = policy.originals === "policy";
    const data = inPlace ? frame.data.subarray(0, layout.sizeBytes) : new Uint8Array(layout.sizeBytes);
    paintRaw(data, layout, values);
    if (inPlace) frame.data.fill(0, layout.sizeBytes);
    return { ok: true, frame: { ...frame, data }, informationBits: values.informationBits };
  };
}
