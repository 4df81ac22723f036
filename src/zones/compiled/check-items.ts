import { at, intAt } from "../../core/at.ts";
import type { BoxTree, UnitBox } from "../index/box-tree.ts";
import { unitBox } from "../index/box-tree.ts";
import type { PackedShapes } from "../index/packed-shapes.ts";
import { PART, radiusOf } from "../index/packed-shapes.ts";
import { grownBox, turnsOf } from "../index/zone-index.ts";
import { farthestM } from "../index/zone-rules.ts";
import type { StoredIndex } from "./index-sections.ts";

/** Whether the boxes of the tree's items are those that the parts and their rules make, each once: none is missed. */
export function areItems({ shapes, tree, itemPart }: StoredIndex): boolean {
  const seen = new Uint8Array(shapes.partCount);
  let owed = shapes.partCount;
  for (let leaf = 0; leaf < itemPart.length; leaf++) {
    const part = intAt(itemPart, intAt(tree.indices, leaf));
    const grown = grownBox(boxOf(shapes, part), marginM(shapes, part));
    const before = seen[part] ?? 0;
    // Most are within the antimeridian, and have one box.
    if (grown.west > -180 && grown.east < 180) {
      if (before !== 0 || !isAt(tree.boxes, 4 * leaf, unitBox(grown))) return false;
      seen[part] = 1;
      owed -= 1;
      continue;
    }
    const turns = turnsOf(grown);
    // As many are owed of a part as it has boxes, from its first one on.
    owed += before === 0 ? turns.length - 2 : -1;
    const bit = bitOf(tree, leaf, turns, before);
    if (bit === 0) return false;
    seen[part] = before | bit;
  }
  return owed === 0;
}

/** That of the box, among a part's, that stands at a leaf and was not seen before; 0 for none. */
function bitOf({ boxes }: BoxTree, leaf: number, turns: readonly UnitBox[], seen: number): number {
  for (let turn = 0; turn < turns.length; turn++) {
    const bit = 1 << turn;
    const box = turns[turn];
    if (box !== undefined && (seen & bit) === 0 && isAt(boxes, 4 * leaf, unitBox(box))) return bit;
  }
  return 0;
}

function isAt(boxes: Int32Array, b: number, { west, south, east, north }: UnitBox): boolean {
  return (
    intAt(boxes, b) === west &&
    intAt(boxes, b + 1) === south &&
    intAt(boxes, b + 2) === east &&
    intAt(boxes, b + 3) === north
  );
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
