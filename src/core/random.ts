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

/** Numbers in [0, 1) for a name; the next time it is asked for, another. */
export type NamedRandom = (name: string) => number;

/** Repeats for each name, whatever other names are asked for in between. */
export function seededByName(seed: number): NamedRandom {
  const asked = new Map<string, number>();
  return (name) => {
    const times = asked.get(name) ?? 0;
    asked.set(name, times + 1);
    return seededRandom(hashOf(`${seed} ${times} ${name}`))();
  };
}

/** FNV-1a, 32 bits, over UTF-16. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return hash >>> 0;
}

/** Numbers that nobody can foresee. */
export const secretRandom: Random = () => randomInt(2 ** 32) / 2 ** 32;
