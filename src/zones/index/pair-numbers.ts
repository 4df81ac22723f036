import { at, intAt } from "../../core/at.ts";

/** Numbers pairs of finite numbers from 0 on, in the order in which they first come. */
export interface PairNumbers {
  /** The first of pair i is `pairs[2 * i]`, the second stands behind it. */
  readonly pairs: Float64Array;
  numberOf(first: number, second: number): number;
}

/** An open hash table with room for so many different pairs. */
export function pairNumbers(room: number): PairNumbers {
  const pairs = new Float64Array(2 * room);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * room + 2))).fill(FREE);
  let count = 0;
  return {
    pairs,
    numberOf(first, second) {
      for (let slot = hashOf(first, second); ; slot++) {
        const known = intAt(slots, slot & (slots.length - 1));
        if (known === FREE) {
          slots[slot & (slots.length - 1)] = count;
          pairs[2 * count] = first;
          pairs[2 * count + 1] = second;
          return count++;
        }
        if (at(pairs, 2 * known) === first && at(pairs, 2 * known + 1) === second) return known;
      }
    },
  };
}

const FREE = -1;

/** Equal numbers have equal bits but for −0, to which 0 is added. */
function hashOf(first: number, second: number): number {
  DOUBLES[0] = first + 0;
  DOUBLES[1] = second + 0;
  let hash = 0;
  for (let i = 0; i < 4; i++) hash = Math.imul(hash ^ intAt(WORDS, i), 0x9e3779b1) ^ (hash >>> 15);
  return (hash ^ (hash >>> 16)) >>> 1;
}

const DOUBLES = new Float64Array(2);
const WORDS = new Int32Array(DOUBLES.buffer);
