import { at } from "../../core/at.ts";
import type { Box } from "./box-tree.ts";
import type { Ring, Shape } from "../zone.ts";
import type { AreaRule } from "./zone-rules.ts";
import { NO_RULE } from "./zone-rules.ts";

/**
 * All shapes of a zone set in flat arrays. A *part* is one shape. A polygon part is cut into *slabs* of equal
 * height in latitude, each with the edges that meet it: a place needs the edges of its own slab to know whether
 * it is inside, and those of the slabs within reach to know how far the edge is. An edge that meets two slabs
 * stands in both: looking around is bound by cache misses, and so it reads one run of memory.
 */
export interface PackedShapes {
  readonly partCount: number;
  /** `PART` numbers a part. Longitudes may pass ±180. A circle is a box of no size. */
  readonly parts: Float64Array;
  /** The edges of slab s are those from `slabs[s]` to `slabs[s + 1] − 1`. */
  readonly slabs: Int32Array;
  /** `EDGE` numbers an edge. */
  readonly edges: Float64Array;
}

/**
 * A part's record: its box in degrees, its core, its area's number, its slabs and its area's rule. The core is the radius of a disc
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
  firstSlab: 6,
  slabCount: 7,
  standoffM: 8,
  viewM: 9,
  plain: 10,
  drop: 11,
  size: 12,
} as const;

/** An edge's record: the degrees of its ends. */
export const EDGE = { aLon: 0, aLat: 1, bLon: 2, bLat: 3, size: 4 } as const;

/** Edges that a slab should hold, in the mean. */
const EDGES_PER_SLAB = 12;
/** Tall edges stand in many slabs: fewer, higher slabs where the lists would grow beyond this many per edge. */
const MAX_COPIES_PER_EDGE = 3;

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
  const slabs = [0];
  const edges = growing();
  for (const [part, { shape, box, area, rule }] of shapes.entries()) {
    const record = parts.subarray(PART.size * part, PART.size * (part + 1));
    const { west, south, east, north } = box;
    record.set([west, south, east, north]);
    record[PART.coreM] = shape.kind === "circle" ? -shape.radiusM : 0;
    record[PART.area] = area;
    record[PART.firstSlab] = slabs.length - 1;
    record.set([rule.standoffM, rule.viewM, Number(rule.isPlain), Number(rule.isDrop)], PART.standoffM);
    if (shape.kind === "polygon") cut(record, shape.rings, slabs, edges);
  }
  return { partCount: shapes.length, parts, slabs: Int32Array.from(slabs), edges: edges.all() };
}

/** A circle's radius; 0 of a polygon. */
export function radiusOf({ parts }: PackedShapes, part: number): number {
  return Math.max(0, -at(parts, PART.size * part + PART.coreM));
}

/** How near to a part its area restricts. */
export function standoffOf({ parts }: PackedShapes, part: number): number {
  return at(parts, PART.size * part + PART.standoffM);
}

/** The slab, from 0, of a latitude. Never falls as the latitude grows: an edge's slabs are those between its ends'. */
export function slabOf(parts: Float64Array, record: number, latDeg: number): number {
  const south = at(parts, record + PART.south);
  const count = at(parts, record + PART.slabCount);
  const slab = Math.floor(((latDeg - south) / (at(parts, record + PART.north) - south)) * count);
  return slab > 0 ? Math.min(slab, count - 1) : 0;
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

/** Appends the part's slabs and their edges. */
function cut(record: Float64Array, rings: readonly Ring[], slabs: number[], edges: Growing): void {
  const total = rings.reduce((sum, ring) => sum + ring.length / 2 - 1, 0);
  record[PART.slabCount] = Math.max(1, Math.round(total / EDGES_PER_SLAB));
  if (at(record, PART.slabCount) === 1) return keepWhole(rings, total, slabs, edges);
  let starts = startsOfSlabs(record, rings);
  while (at(record, PART.slabCount) > 1 && (starts.at(-1) ?? 0) > MAX_COPIES_PER_EDGE * total) {
    record[PART.slabCount] = Math.ceil(at(record, PART.slabCount) / 2);
    starts = startsOfSlabs(record, rings);
  }
  const base = slabs.at(-1) ?? 0;
  const next = Array.from(starts, (start) => base + start);
  for (let s = 1; s < next.length; s++) slabs.push(next[s] ?? base);
  const target = edges.extend(EDGE.size * (next.at(-1) ?? base));
  eachEdge(record, rings, (ring, v, slab) => {
    const entry = next[slab] ?? base;
    next[slab] = entry + 1;
    copyEdge(target, EDGE.size * entry, ring, v);
  });
}

/** One slab for a part of few edges, which most are: a third of the time to compile a set (measured). */
function keepWhole(rings: readonly Ring[], total: number, slabs: number[], edges: Growing): void {
  const base = slabs.at(-1) ?? 0;
  slabs.push(base + total);
  const target = edges.extend(EDGE.size * (base + total));
  let e = EDGE.size * base;
  for (const ring of rings) {
    for (let v = 0; v + 3 < ring.length; v += 2, e += EDGE.size) copyEdge(target, e, ring, v);
  }
}

function copyEdge(target: Float64Array, e: number, ring: Ring, v: number): void {
  target[e] = at(ring, v);
  target[e + 1] = at(ring, v + 1);
  target[e + 2] = at(ring, v + 2);
  target[e + 3] = at(ring, v + 3);
}

/** How many edges stand before each slab of the part, and after the last. */
function startsOfSlabs(record: Float64Array, rings: readonly Ring[]): Float64Array {
  const starts = new Float64Array(at(record, PART.slabCount) + 1);
  eachEdge(record, rings, (_ring, _v, slab) => (starts[slab + 1] = at(starts, slab + 1) + 1));
  for (let s = 1; s < starts.length; s++) starts[s] = at(starts, s) + at(starts, s - 1);
  return starts;
}

function eachEdge(
  record: Float64Array,
  rings: readonly Ring[],
  visit: (ring: Ring, v: number, slab: number) => void,
): void {
  for (const ring of rings) {
    for (let v = 0; v + 3 < ring.length; v += 2) {
      const a = slabOf(record, 0, at(ring, v + 1));
      const b = slabOf(record, 0, at(ring, v + 3));
      for (let slab = Math.min(a, b); slab <= Math.max(a, b); slab++) visit(ring, v, slab);
    }
  }
}

/** An array that grows by doubling, as its final length is known only at the end. */
interface Growing {
  extend(length: number): Float64Array;
  all(): Float64Array;
}

function growing(): Growing {
  let array = new Float64Array(1024);
  let used = 0;
  return {
    extend(length) {
      used = length;
      if (length > array.length) {
        const larger = new Float64Array(Math.max(length, 2 * array.length));
        larger.set(array);
        array = larger;
      }
      return array;
    },
    all: () => array.slice(0, used),
  };
}
