import type { Random } from "../../src/core/random.ts";
import { seededRandom } from "../../src/core/random.ts";

export function within(random: Random, from: number, to: number): number {
  return from + (to - from) * random();
}

export function often(random: Random, share: number): boolean {
  return random() < share;
}

export function pick<T>(random: Random, from: readonly [T, ...T[]] | readonly T[]): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new RangeError("nothing to pick from");
  return found;
}

/** A row of random numbers of its own for each part, so that a change to one leaves the others. */
export function chanceOf(seed: number, part: number): Random {
  return seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(part, 0x85ebca6b));
}
