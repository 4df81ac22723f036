import type { PackedShapes } from "../index/packed-shapes.ts";
import { PART } from "../index/packed-shapes.ts";
import { boxesIn, roomForChains } from "../index/ring-chains.ts";
import type { AreaIndex } from "../index/zone-index.ts";
import type { Section } from "./layout.ts";
import { refuseUnless } from "./refuse-unless.ts";

/** Gives the next sections of a file, in its order, as arrays of the type that is asked for. */
export interface SectionReader {
  bytes(): Uint8Array;
  ints(): Int32Array;
  doubles(): Float64Array;
}

/** The arrays of an index, in the order in which `readIndex` takes them. */
export function sectionsOfIndex({ shapes, tree, itemPart }: StoredIndex): readonly Section[] {
  const { boxes, indices, levelEnds } = tree;
  return [...sectionsOfShapes(shapes), boxes, indices, levelEnds, itemPart];
}

/** What `checkIndex` takes. */
export type StoredIndex = Pick<AreaIndex, "shapes" | "tree" | "itemPart">;

export function readIndex(from: SectionReader): StoredIndex {
  const shapes = readShapes(from);
  const tree = { boxes: from.ints(), indices: from.ints(), levelEnds: from.ints() };
  const itemPart = from.ints();
  return { shapes, tree, itemPart };
}

/** Without the boxes of chains: they follow from the vertices, and so cannot contradict them. */
function sectionsOfShapes({ parts, rings, degrees, decimals }: PackedShapes): readonly Section[] {
  return [parts, rings, degrees, decimals];
}

function readShapes(from: SectionReader): PackedShapes {
  const parts = from.doubles();
  const partCount = Math.floor(parts.length / PART.size);
  const rings = { rings: from.ints(), degrees: from.doubles(), decimals: from.ints() };
  // Of so many there is room for: no ring has more boxes than edges.
  const boxes = boxesIn(rings.rings);
  refuseUnless(boxes >= 0 && boxes <= rings.degrees.length + rings.decimals.length, "rings");
  return { partCount, parts, ...rings, ...roomForChains(rings) };
}
