import type { Random } from "../core/random.ts";

export interface BackOffOptions {
  /** Longest wait after the first failure. @default 1000 */
  readonly firstMs: number;
  /** Longest wait ever. @default 300000 */
  readonly capMs: number;
}

export const BACK_OFF: BackOffOptions = { firstMs: 1000, capMs: 300_000 };

/**
 * The wait after `failures` failures in a row: doubles up to the cap, then a random share of it from a half to the
 * whole, so that a fleet does not come back to a receiver at one instant. 0 after none.
 */
export function backOffMs(failures: number, { firstMs, capMs }: BackOffOptions, random: Random): number {
  if (failures <= 0) return 0;
  const longestMs = Math.min(capMs, firstMs * 2 ** (failures - 1));
  return longestMs * (0.5 + random() / 2);
}
