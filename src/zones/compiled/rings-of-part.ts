import { at, intAt } from "../../core/at.ts";
import { EDGE, PART } from "../index/packed-shapes.ts";
import type { PackedShapes } from "../index/packed-shapes.ts";
import type { Ring, Shape } from "../zone.ts";

/** The shapes of areas, put together from their edges when they are asked for: for maps and lists, not for verdicts. */
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

/**
 * Joins edges end to end. An edge that stands in several slabs counts once. Where rings touch at a vertex they may come
 * out joined otherwise: what is inside stays the same by the even-odd rule. The widest ring, the shell, comes first.
 */
function ringsOf({ parts, slabs, edges }: PackedShapes, record: number): readonly Ring[] {
  const first = at(parts, record + PART.firstSlab);
  const [from, to] = [intAt(slabs, first), intAt(slabs, first + at(parts, record + PART.slabCount))];
  const seen = new Set<string>();
  const next = new Map<string, number[]>();
  for (let e = EDGE.size * from; e < EDGE.size * to; e += EDGE.size) {
    const name = edges.subarray(e, e + EDGE.size).join();
    if (seen.has(name)) continue;
    seen.add(name);
    const start = pointAt(edges, e);
    next.set(start, [...(next.get(start) ?? []), e]);
  }
  const rings: Ring[] = [];
  for (const [start, waiting] of next) while (waiting.length > 0) rings.push(follow(edges, next, start));
  return rings.toSorted((a, b) => width(b) - width(a));
}

function follow(edges: Float64Array, next: ReadonlyMap<string, number[]>, start: string): Ring {
  const points: number[] = [];
  let point = start;
  for (let e = next.get(point)?.shift(); e !== undefined; e = next.get(point)?.shift()) {
    if (points.length === 0) points.push(at(edges, e), at(edges, e + 1));
    points.push(at(edges, e + EDGE.bLon), at(edges, e + EDGE.bLat));
    point = pointAt(edges, e + EDGE.bLon);
    if (point === start) break;
  }
  return Float64Array.from(points);
}

function pointAt(edges: Float64Array, e: number): string {
  return `${at(edges, e)} ${at(edges, e + 1)}`;
}

function width(ring: Ring): number {
  let [west, east] = [Infinity, -Infinity];
  for (let v = 0; v < ring.length; v += 2) {
    west = Math.min(west, at(ring, v));
    east = Math.max(east, at(ring, v));
  }
  return east - west;
}
