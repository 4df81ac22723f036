import { at, intAt } from "../../core/at.ts";
import type { Box } from "./box-tree.ts";
import { boxCount, roomForChains } from "./ring-chains.ts";
import type { Rings } from "./rings.ts";
import { RING, decimalsOf, isDecimal } from "./rings.ts";
import type { Ring, Shape } from "../zone.ts";
import type { AreaRule } from "./zone-rules.ts";
import { NO_RULE } from "./zone-rules.ts";

/** All shapes of a zone set in flat arrays. A *part* is one shape; a polygon part has rings. */
export interface PackedShapes extends Rings {
  readonly partCount: number;
  /** `PART` numbers a part. Longitudes may pass ±180. A circle is a box of no size. */
  readonly parts: Float64Array;
  /** Room for the chains that a look-up finds in a ring. */
  readonly found: Int32Array;
}

/**
 * A part's record: its box in degrees, its core, its area's number, its rings and its area's rule. The core is the radius of a disc
 * round the middle of the box that lies wholly within a polygon; 0 until `findCores`, or where there is none. Of a
 * circle it is the circle's own, negated. What every search reads comes first: an array begins within a cache line.
 */
export const PART = {
  west: 0,
  south: 1,
  east: 2,
  north: 3,
  coreM: 4,
  area: 5,
  firstRing: 6,
  ringCount: 7,
  standoffM: 8,
  viewM: 9,
  plain: 10,
  drop: 11,
  size: 12,
} as const;

/** A shape, the number of its area, and the area's rule. */
export interface ShapeOfArea {
  readonly shape: Shape;
  readonly box: Box;
  readonly area: number;
  readonly rule: AreaRule;
}

export function shapesOf(
  areas: readonly { readonly shapes: readonly Shape[] }[],
  rules: readonly AreaRule[] = [],
): ShapeOfArea[] {
  return areas.flatMap(({ shapes }, area) =>
    shapes.map((shape) => ({ shape, box: boxOfShape(shape), area, rule: rules[area] ?? NO_RULE })),
  );
}

/** Packs shapes in their order. They must be checked: rings closed, finite, with continuous longitudes. */
export function packShapes(shapes: readonly ShapeOfArea[]): PackedShapes {
  const parts = new Float64Array(PART.size * shapes.length);
  let ringCount = 0;
  for (const [part, { shape, box, area, rule }] of shapes.entries()) {
    const record = parts.subarray(PART.size * part, PART.size * (part + 1));
    const { west, south, east, north } = box;
    record.set([west, south, east, north]);
    record[PART.coreM] = shape.kind === "circle" ? -shape.radiusM : 0;
    record[PART.area] = area;
    record[PART.firstRing] = ringCount;
    record[PART.ringCount] = shape.kind === "polygon" ? shape.rings.length : 0;
    record.set([rule.standoffM, rule.viewM, Number(rule.isPlain), Number(rule.isDrop)], PART.standoffM);
    ringCount += at(record, PART.ringCount);
  }
  return { partCount: shapes.length, parts, ...packRings(shapes, ringCount) };
}

function packRings(shapes: readonly ShapeOfArea[], ringCount: number) {
  const all = shapes.flatMap(({ shape }) => (shape.kind === "polygon" ? shape.rings : []));
  const rings = new Int32Array(RING.size * ringCount);
  const ends = { degrees: 0, decimals: 0, boxes: 0 };
  for (const [ring, own] of all.entries()) {
    const edges = own.length / 2 - 1;
    const isShort = isDecimal(own);
    rings.set([isShort ? ~ends.decimals : ends.degrees, edges, ends.boxes], RING.size * ring);
    ends[isShort ? "decimals" : "degrees"] += edges + 1;
    ends.boxes += boxCount(edges);
  }
  const degrees = new Float64Array(2 * ends.degrees);
  const decimals = new Int32Array(2 * ends.decimals);
  for (const [ring, own] of all.entries()) {
    const first = intAt(rings, RING.size * ring);
    if (first >= 0) degrees.set(own, 2 * first);
    else decimals.set(decimalsOf(own), 2 * ~first);
  }
  return { rings, degrees, decimals, ...roomForChains({ rings, degrees, decimals }) };
}

/** A circle's radius; 0 of a polygon. */
export function radiusOf({ parts }: PackedShapes, part: number): number {
  return Math.max(0, -at(parts, PART.size * part + PART.coreM));
}

/** How near to a part its area restricts. */
export function standoffOf({ parts }: PackedShapes, part: number): number {
  return at(parts, PART.size * part + PART.standoffM);
}

/** The box of a polygon, or of a circle's centre. */
export function boxOfShape(shape: Shape): Box {
  if (shape.kind === "polygon") return boxOfRings(shape.rings);
  const { lonDeg, latDeg } = shape;
  return { west: lonDeg, south: latDeg, east: lonDeg, north: latDeg };
}

function boxOfRings(rings: readonly Ring[]): Box {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let v = 0; v < ring.length; v += 2) {
      west = Math.min(west, at(ring, v));
      east = Math.max(east, at(ring, v));
      south = Math.min(south, at(ring, v + 1));
      north = Math.max(north, at(ring, v + 1));
    }
  }
  return { west, south, east, north };
}
