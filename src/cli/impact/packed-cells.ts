import * as z from "zod";
import type { Cell } from "./place-grid.ts";
import { FINEST_LEVEL, PLACES_ACROSS } from "./place-grid.ts";

/** Cells of one level, each as steps from the one before: `dx, dy, more, less`. */
export const PackedCells = z.strictObject({
  level: z.int().min(0).max(FINEST_LEVEL),
  steps: z.array(z.int()).readonly(),
});
export type PackedCells = Readonly<z.infer<typeof PackedCells>>;

/** For the cells of a grid that no cells were added to: they are of one level. */
export function packCells(cells: readonly Cell[]): PackedCells {
  let [lastX, lastY] = [0, 0];
  const steps = cells.flatMap(({ x, y, more, less }) => {
    const step = [x - lastX, y - lastY, more, less];
    [lastX, lastY] = [x, y];
    return step;
  });
  return { level: cells[0]?.level ?? FINEST_LEVEL, steps };
}

export function* unpackCells({ level, steps }: PackedCells): Generator<Cell> {
  let [x, y] = [0, 0];
  for (let i = 0; i + 3 < steps.length; i += 4) {
    const [dx = 0, dy = 0, more = 0, less = 0] = steps.slice(i, i + 4);
    [x, y] = [x + dx, y + dy];
    if (x >= 0 && x < PLACES_ACROSS && y >= 0 && y < PLACES_ACROSS) yield { level, x, y, more, less };
  }
}
