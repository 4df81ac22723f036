import { at, intAt } from "../../core/at.ts";
import type { BoxTree } from "../index/box-tree.ts";
import { unitBox } from "../index/box-tree.ts";
import type { PackedShapes } from "../index/packed-shapes.ts";
import { PART, radiusOf } from "../index/packed-shapes.ts";
import type { AreaIndex } from "../index/zone-index.ts";
import { itemBoxes } from "../index/zone-index.ts";
import { farthestM } from "../index/zone-rules.ts";

/** Whether the boxes of the tree's items are those that the parts and their rules make, each once: none is missed. */
export function areItems({ shapes, tree, itemPart }: AreaIndex): boolean {
  const leaves = leavesOfParts(tree, itemPart, shapes.partCount);
  let leaf = 0;
  for (let part = 0; part < shapes.partCount; part++) {
    const expected = itemBoxes(boxOf(shapes, part), marginM(shapes, part)).map(unitBox);
    const found = leaves.subarray(leaf, leaf + expected.length);
    leaf += expected.length;
    for (const { west, south, east, north } of expected) {
      const isThere = found.some((i) => {
        const b = 4 * i;
        const { boxes } = tree;
        if (intAt(itemPart, intAt(tree.indices, i)) !== part) return false;
        if (intAt(boxes, b) !== west || intAt(boxes, b + 1) !== south) return false;
        return intAt(boxes, b + 2) === east && intAt(boxes, b + 3) === north;
      });
      if (!isThere) return false;
    }
  }
  return leaf === itemPart.length;
}

/** The leaves in the order of their parts; parts stand in the order of their first leaves. */
function leavesOfParts({ indices }: BoxTree, itemPart: Int32Array, partCount: number): Int32Array {
  const starts = new Int32Array(partCount + 1);
  for (const part of itemPart) starts[part + 1] = intAt(starts, part + 1) + 1;
  for (let part = 0; part < partCount; part++)
    starts[part + 1] = intAt(starts, part + 1) + intAt(starts, part);
  const leaves = new Int32Array(itemPart.length);
  for (let leaf = 0; leaf < itemPart.length; leaf++) {
    const part = intAt(itemPart, intAt(indices, leaf));
    const next = intAt(starts, part);
    leaves[next] = leaf;
    starts[part] = next + 1;
  }
  return leaves;
}

function boxOf({ parts }: PackedShapes, part: number) {
  const record = PART.size * part;
  return {
    west: at(parts, record + PART.west),
    south: at(parts, record + PART.south),
    east: at(parts, record + PART.east),
    north: at(parts, record + PART.north),
  };
}

function marginM(shapes: PackedShapes, part: number): number {
  const record = PART.size * part;
  const standoffM = at(shapes.parts, record + PART.standoffM);
  return radiusOf(shapes, part) + farthestM({ standoffM, viewM: at(shapes.parts, record + PART.viewM) });
}
