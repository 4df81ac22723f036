import { randomInt } from "node:crypto";

/** Numbers in [0, 1). */
export type Random = () => number;

/**
 * A small seeded generator (mulberry32, T. Ettinger 2017, public domain), so that tests and simulations repeat.
 * Never used to make keys.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Numbers that nobody can foresee. */
export const secretRandom: Random = () => randomInt(2 ** 32) / 2 ** 32;
