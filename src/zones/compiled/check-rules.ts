import { at } from "../../core/at.ts";
import { CamfenceError } from "../../core/errors.ts";
import { PART } from "../index/packed-shapes.ts";
import type { PackedShapes } from "../index/packed-shapes.ts";
import type { AreaTable } from "./area-table.ts";
import { ROW } from "./area-table.ts";

/**
 * The rule that stands beside a shape must be that of its zone, and every zone must have a shape: a verdict reads the
 * one, a report the other. Throws `zones-invalid`.
 */
export function checkRules({ rows }: AreaTable, { parts, partCount }: PackedShapes): void {
  const shapeCounts = new Int32Array(rows.length / ROW.size);
  for (let part = 0; part < partCount; part++) {
    const area = at(parts, PART.size * part + PART.area);
    shapeCounts[area] = (shapeCounts[area] ?? 0) + 1;
  }
  let isSound = !shapeCounts.includes(0);
  for (let p = 0; p < parts.length && isSound; p += PART.size) {
    const area = at(parts, p + PART.area);
    const r = ROW.size * area;
    isSound =
      at(parts, p + PART.standoffM) === at(rows, r + ROW.standoffM) &&
      at(parts, p + PART.viewM) === at(rows, r + ROW.viewM) &&
      at(parts, p + PART.drop) === at(rows, r + ROW.isDrop) &&
      at(parts, p + PART.plain) === Number(isAlways(rows, r) && shapeCounts[area] === 1);
  }
  if (!isSound)
    throw new CamfenceError("zones-invalid", "the rules beside the shapes are not those of the zones");
}

/** For every camera at any time. */
function isAlways(rows: Float64Array, r: number): boolean {
  return (
    at(rows, r + ROW.extra) === -1 &&
    at(rows, r + ROW.validFromMs) === -Infinity &&
    at(rows, r + ROW.validUntilMs) === Infinity
  );
}
