import type { Random } from "../src/core/random.ts";
import { seededRandom } from "../src/core/random.ts";

/** One of several independent generators of a seed: what one draws changes nothing for the others. */
export function chance(
  seed: number,
  purpose: "way" | "zones" | "receiver" | "delivery" | "cameras" | "trouble",
): Random {
  let mixed = seed >>> 0;
  for (const char of purpose) mixed = (Math.imul(mixed ^ char.charCodeAt(0), 0x01000193) + 0x9e3779b9) >>> 0;
  return seededRandom(mixed);
}

/** A standard normal number (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
