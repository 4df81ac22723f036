import type { Position } from "../core/position.ts";

/**
 * How far apart two records may place one epoch before it counts as a contradiction. Receivers differ with
 * themselves: gpsd's logs show filtered RMC positions centimetres from GGA's, and RMC a second behind GGA (2.6 m on
 * a slow boat). What is under this is added to the radius of the fix.
 */
export const MAX_SPREAD_M = 5;

/** Metres per degree of latitude at the poles, where it is largest (WGS 84), so that no distance is understated. */
const MAX_METRES_PER_DEG = 111_700;

/** Distance between two places of one epoch, of which either may be missing. */
export function spreadM(a: Position | undefined, b: Position | undefined): number {
  if (a === undefined || b === undefined) return 0;
  const lonDeg = Math.abs(a.lonDeg - b.lonDeg);
  const eastDeg = Math.min(lonDeg, 360 - lonDeg) * Math.cos((a.latDeg * Math.PI) / 180);
  return Math.hypot(a.latDeg - b.latDeg, eastDeg) * MAX_METRES_PER_DEG;
}

/** Some receivers round, some cut: a place is within one unit of its last digit in each axis. */
export function roundingM(unitDeg: number): number {
  return Math.SQRT2 * unitDeg * MAX_METRES_PER_DEG;
}
