import Flatbush from "flatbush";
import { intAt } from "../../core/at.ts";

/** A box in degrees. */
export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** A box in whole units of 1 / `UNITS_PER_DEG` degree. */
export type UnitBox = Box;

/** The least box of whole units that holds the given one. NaN is as far as can be: a box of it meets all others. */
export function unitBox({ west, south, east, north }: Box): UnitBox {
  return { west: below(west), south: below(south), east: above(east), north: above(north) };
}

function below(deg: number): number {
  if (!(deg > -MAX_DEG)) return -MAX_DEG * UNITS_PER_DEG;
  return deg < MAX_DEG ? Math.floor(deg * UNITS_PER_DEG) : MAX_DEG * UNITS_PER_DEG;
}

function above(deg: number): number {
  if (!(deg < MAX_DEG)) return MAX_DEG * UNITS_PER_DEG;
  return deg > -MAX_DEG ? Math.ceil(deg * UNITS_PER_DEG) : -MAX_DEG * UNITS_PER_DEG;
}

/**
 * A static R-tree of boxes, packed by flatbush, searched here without allocating anything. Boxes are whole numbers of
 * `UNITS_PER_DEG`, rounded outwards: half the memory of doubles, and whether two meet is one branch, not four.
 */
export interface BoxTree {
  /** Four numbers a node: leaves first, the root last. */
  readonly boxes: Int32Array;
  /** Of a leaf: the item; of a node: where its first child's box begins. */
  readonly indices: Int32Array;
  /** Where the boxes of each level end. */
  readonly levelEnds: Int32Array;
}

/** About a decimetre; and the difference of any two of ±`MAX_DEG` is a 32-bit number. */
export const UNITS_PER_DEG = 2 ** 20;
/** Boxes lie within three turns, and so do the places that are asked for. */
const MAX_DEG = 1000;
/** Small nodes: a search in dense zones reads fewer boxes than with flatbush's 16 (measured: 1.8 times the rate). */
export const NODE_SIZE = 4;
/** What flatbush's serialised form begins with: magic, version and array type (5 = Int32Array). */
const FLATBUSH_V3_INT32 = [0xfb, (3 << 4) + 5] as const;

/** Packs boxes; item i of the tree is `boxes[i]`. */
export function boxTree(boxes: readonly Box[]): BoxTree {
  if (boxes.length === 0) return EMPTY; // flatbush has no empty tree
  const tree = new Flatbush(boxes.length, NODE_SIZE, Int32Array);
  for (const box of boxes) {
    const { west, south, east, north } = unitBox(box);
    tree.add(west, south, east, north);
  }
  tree.finish();
  return readTree(tree.data, boxes.length);
}

/**
 * Writes the items whose boxes meet the given one into `found` and returns how many. Throws where there are more
 * than `found` can hold: never a part of them.
 */
export function searchTree(tree: BoxTree, { west, south, east, north }: UnitBox, found: Int32Array): number {
  const { boxes, indices, levelEnds } = tree;
  let level = levelEnds.length - 1;
  let node = boxes.length - 4;
  let waiting = 0;
  let count = 0;
  while (level >= 0) {
    const end = Math.min(node + 4 * NODE_SIZE, intAt(levelEnds, level));
    for (let i = node; i < end; i += 4) {
      // Negative where any of the four is: the boxes lie apart.
      const gap =
        (east - intAt(boxes, i)) |
        (north - intAt(boxes, i + 1)) |
        (intAt(boxes, i + 2) - west) |
        (intAt(boxes, i + 3) - south);
      if (gap < 0) continue;
      const index = intAt(indices, i >> 2);
      if (level === 0) {
        if (count === found.length) throw new RangeError(`got over ${count} boxes, expected room for them`);
        found[count++] = index;
      } else {
        STACK[waiting++] = index;
        STACK[waiting++] = level - 1;
      }
    }
    if (waiting === 0) return count;
    level = intAt(STACK, --waiting);
    node = intAt(STACK, --waiting);
  }
  return count;
}

/** Nodes yet to visit: at most 3 more than before for each of at most 16 levels, 2 numbers each. */
const STACK = new Int32Array(2 * NODE_SIZE * 32);

const EMPTY: BoxTree = { boxes: new Int32Array(), indices: new Int32Array(), levelEnds: new Int32Array() };

/** flatbush's serialised form: 8 bytes of header, the boxes of all nodes, then the indices of all nodes. */
function readTree(data: ArrayBufferLike, items: number): BoxTree {
  const header = new Uint8Array(data, 0, 2);
  if (header[0] !== FLATBUSH_V3_INT32[0] || header[1] !== FLATBUSH_V3_INT32[1]) {
    throw new Error(
      `got flatbush data ${header.join(" ")}, expected ${FLATBUSH_V3_INT32.join(" ")}: pin flatbush 4`,
    );
  }
  const levelEnds = endsOfLevels(items);
  const nodes = (levelEnds.at(-1) ?? 0) / 4;
  const narrow = nodes < 16_384; // flatbush's own limit for 16-bit indices
  const indicesAt = 8 + nodes * 4 * Int32Array.BYTES_PER_ELEMENT;
  const indices = narrow ? new Uint16Array(data, indicesAt, nodes) : new Uint32Array(data, indicesAt, nodes);
  return {
    boxes: new Int32Array(data, 8, 4 * nodes),
    indices: Int32Array.from(indices),
    levelEnds: Int32Array.from(levelEnds),
  };
}

/** Where the boxes of each level end, of so many items. */
export function endsOfLevels(items: number): number[] {
  const ends = [4 * items];
  for (let level = items, total = items; level !== 1 || ends.length === 1;) {
    level = Math.ceil(level / NODE_SIZE);
    total += level;
    ends.push(4 * total);
  }
  return ends;
}
