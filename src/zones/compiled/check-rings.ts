import { at, intAt } from "../../core/at.ts";
import { UNITS_PER_DEG } from "../index/box-tree.ts";
import { PART } from "../index/packed-shapes.ts";
import type { PackedShapes } from "../index/packed-shapes.ts";
import { CHAIN_EDGES, RING, boxCount, chainsOf, eachOuterBox, edgesOf } from "../index/ring-chains.ts";

/**
 * Whether every ring is one, and each of its vertices lies in all boxes over it: a look-up that passes a box over
 * misses nothing. Of parts that were checked. Reads every vertex once.
 */
export function areRings(shapes: PackedShapes): boolean {
  const { parts, partCount, rings, boxes, vertices } = shapes;
  if (intAt(rings, 0) !== 0 || intAt(rings, RING.firstBox) !== 0) return false;
  for (let ring = 0; ring < rings.length / RING.size - 1; ring++) if (!isRing(shapes, ring)) return false;
  const end = rings.length - RING.size;
  if (2 * intAt(rings, end) !== vertices.length || 4 * intAt(rings, end + RING.firstBox) !== boxes.length)
    return false;
  for (let part = 0; part < partCount; part++) {
    const box = PART.size * part;
    const first = at(parts, box + PART.firstRing);
    for (let ring = first; ring < first + at(parts, box + PART.ringCount); ring++) {
      if (!isBoxed(shapes, box, ring)) return false;
    }
  }
  return true;
}

/** Long enough, closed, and with as many boxes as that takes. */
function isRing({ rings, vertices }: PackedShapes, ring: number): boolean {
  const edges = edgesOf(rings, ring);
  const r = RING.size * ring;
  const boxes = intAt(rings, r + RING.size + RING.firstBox) - intAt(rings, r + RING.firstBox);
  const [first, last] = [2 * intAt(rings, r), 2 * (intAt(rings, r) + edges)];
  return (
    edges >= MIN_EDGES &&
    last < vertices.length &&
    boxes === boxCount(edges) &&
    at(vertices, first) === at(vertices, last) &&
    at(vertices, first + 1) === at(vertices, last + 1)
  );
}

/** RFC 7946: four positions, of which the last repeats the first. */
const MIN_EDGES = 3;

function isBoxed({ parts, rings, boxes, vertices }: PackedShapes, part: number, ring: number): boolean {
  const edges = edgesOf(rings, ring);
  const own = boxes.subarray(4 * intAt(rings, RING.size * ring + RING.firstBox));
  const first = 2 * intAt(rings, RING.size * ring);
  const end = first + 2 * edges;
  for (let chain = 0; chain < chainsOf(edges); chain++) {
    const west = Math.max(at(parts, part + PART.west), intAt(own, 4 * chain) / UNITS_PER_DEG);
    const south = Math.max(at(parts, part + PART.south), intAt(own, 4 * chain + 1) / UNITS_PER_DEG);
    const east = Math.min(at(parts, part + PART.east), intAt(own, 4 * chain + 2) / UNITS_PER_DEG);
    const north = Math.min(at(parts, part + PART.north), intAt(own, 4 * chain + 3) / UNITS_PER_DEG);
    const from = first + 2 * CHAIN_EDGES * chain;
    const last = Math.min(from + 2 * CHAIN_EDGES, end);
    for (let v = from; v <= last; v += 2) {
      const lon = at(vertices, v);
      const lat = at(vertices, v + 1);
      // NaN is nowhere.
      if (!(lon >= west && lon <= east && lat >= south && lat <= north)) return false;
    }
  }
  let areWithin = true;
  eachOuterBox(edges, (outer, inner, endInner) => {
    for (let i = inner; i < endInner; i++) areWithin &&= isWithin(own, 4 * i, 4 * outer);
  });
  return areWithin;
}

/** Whether the box at `inner` lies within that at `outer`. */
export function isWithin(boxes: Int32Array, inner: number, outer: number): boolean {
  return (
    intAt(boxes, inner) >= intAt(boxes, outer) &&
    intAt(boxes, inner + 1) >= intAt(boxes, outer + 1) &&
    intAt(boxes, inner + 2) <= intAt(boxes, outer + 2) &&
    intAt(boxes, inner + 3) <= intAt(boxes, outer + 3)
  );
}
