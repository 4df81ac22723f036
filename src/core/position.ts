/** A place on the WGS 84 ellipsoid. Degrees; latitude in [−90, 90], longitude in [−180, 180]. */
export interface Position {
  readonly latDeg: number;
  readonly lonDeg: number;
}

/** True for finite coordinates within range; NaN, infinities and texts from an untyped caller are no position. */
export function isPosition({ latDeg, lonDeg }: Position): boolean {
  if (typeof latDeg !== "number" || typeof lonDeg !== "number") return false;
  return Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 180;
}
