import { at, intAt } from "../../core/at.ts";
import { NODE_SIZE, endsOfLevels } from "../index/box-tree.ts";
import type { BoxTree } from "../index/box-tree.ts";
import { PART } from "../index/packed-shapes.ts";
import type { PackedShapes } from "../index/packed-shapes.ts";
import { RING } from "../index/rings.ts";
import { areItems } from "./check-items.ts";
import { areRings, holdTheirRings } from "./check-rings.ts";
import type { StoredIndex } from "./index-sections.ts";
import { refuseUnless } from "./refuse-unless.ts";

/**
 * Refuses an index in which a look-up would read beyond an array, miss an item or meet a number that is none: each
 * comparison with one is false, and so a zone would be passed over. Throws `zones-invalid`.
 */
export function checkIndex(index: StoredIndex, areaCount: number): void {
  const { shapes, tree, itemPart } = index;
  refuseUnless(areRings(shapes), "rings");
  refuseUnless(areParts(shapes, areaCount), "parts");
  refuseUnless(isTree(tree, itemPart.length), "boxes");
  refuseUnless(holdsAll(itemPart, shapes.partCount), "items");
  refuseUnless(areItems(index), "boxes");
  refuseUnless(holdTheirRings(shapes), "vertices");
}

/** Their rings follow one another, to the last. */
function areParts(shapes: PackedShapes, areaCount: number): boolean {
  const { parts, partCount, rings } = shapes;
  let ring = 0;
  for (let part = 0; part < partCount; part++) {
    const record = PART.size * part;
    if (at(parts, record + PART.firstRing) !== ring || !isPart(shapes, record, areaCount)) return false;
    ring += at(parts, record + PART.ringCount);
  }
  return parts.length === PART.size * partCount && RING.size * ring === rings.length;
}

function isPart({ parts, rings }: PackedShapes, record: number, areaCount: number): boolean {
  for (let i = 0; i < PART.size; i++) if (!Number.isFinite(at(parts, record + i))) return false;
  const area = at(parts, record + PART.area);
  const count = at(parts, record + PART.ringCount);
  if (!isNatural(area) || !isNatural(count)) return false;
  const isCircle = at(parts, record + PART.coreM) < 0;
  const isBox =
    at(parts, record + PART.west) <= at(parts, record + PART.east) &&
    at(parts, record + PART.south) <= at(parts, record + PART.north);
  return isBox && area < areaCount && count <= rings.length && count > 0 === !isCircle;
}

function isNatural(number: number): boolean {
  return number >= 0 && number === Math.floor(number);
}

/** As flatbush packs it: every item in one leaf, every node in the place that its level gives it, within its parent. */
function isTree({ boxes, indices, levelEnds }: BoxTree, itemCount: number): boolean {
  if (itemCount === 0) return boxes.length === 0 && indices.length === 0 && levelEnds.length === 0;
  const ends = endsOfLevels(itemCount);
  const nodes = (ends.at(-1) ?? 0) / 4;
  if (boxes.length !== 4 * nodes || indices.length !== nodes || levelEnds.length !== ends.length)
    return false;
  if (!ends.every((end, level) => end === levelEnds[level])) return false;
  // As many as there are, and none missing: each once.
  if (!holdsAll(indices.subarray(0, itemCount), itemCount)) return false;
  for (let level = 1, node = itemCount, child = 0; level < ends.length; level++) {
    for (; 4 * node < (ends[level] ?? 0); node++) {
      if (intAt(indices, node) !== 4 * child) return false;
      const last = Math.min(child + NODE_SIZE, (ends[level - 1] ?? 0) / 4);
      for (; child < last; child++) if (!isWithin(boxes, 4 * child, 4 * node)) return false;
    }
  }
  return true;
}

function isWithin(boxes: Int32Array, inner: number, outer: number): boolean {
  return (
    intAt(boxes, inner) >= intAt(boxes, outer) &&
    intAt(boxes, inner + 1) >= intAt(boxes, outer + 1) &&
    intAt(boxes, inner + 2) <= intAt(boxes, outer + 2) &&
    intAt(boxes, inner + 3) <= intAt(boxes, outer + 3)
  );
}

/** Whether every number is below `count`, and each of those is there. */
function holdsAll(numbers: Int32Array, count: number): boolean {
  const seen = new Uint8Array(count);
  for (const number of numbers) {
    if (number < 0 || number >= count) return false;
    seen[number] = 1;
  }
  return !seen.includes(0);
}
