import { at } from "../../core/at.ts";
import { PART } from "../index/packed-shapes.ts";
import type { PackedShapes } from "../index/packed-shapes.ts";
import { ringAt } from "../index/rings.ts";
import type { Ring, Shape } from "../zone.ts";

/** The shapes of areas, made when they are asked for: for maps and lists, not for verdicts. */
export function shapesByArea(shapes: PackedShapes): (area: number) => readonly Shape[] {
  let partsOf: Map<number, number[]> | undefined;
  return (area) => {
    partsOf ??= groupParts(shapes);
    return (partsOf.get(area) ?? []).map((part) => shapeOf(shapes, PART.size * part));
  };
}

function groupParts({ parts, partCount }: PackedShapes): Map<number, number[]> {
  const grouped = new Map<number, number[]>();
  for (let part = 0; part < partCount; part++) {
    const area = at(parts, PART.size * part + PART.area);
    const known = grouped.get(area);
    if (known === undefined) grouped.set(area, [part]);
    else known.push(part);
  }
  return grouped;
}

function shapeOf(shapes: PackedShapes, record: number): Shape {
  const { parts } = shapes;
  const coreM = at(parts, record + PART.coreM);
  if (coreM >= 0) return { kind: "polygon", rings: ringsOf(shapes, record) };
  return {
    kind: "circle",
    lonDeg: at(parts, record + PART.west),
    latDeg: at(parts, record + PART.south),
    radiusM: -coreM,
  };
}

function ringsOf(shapes: PackedShapes, record: number): readonly Ring[] {
  const first = at(shapes.parts, record + PART.firstRing);
  return Array.from({ length: at(shapes.parts, record + PART.ringCount) }, (_, i) =>
    ringAt(shapes, first + i),
  );
}
