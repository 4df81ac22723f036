/** As in the file: longitude, latitude, and an altitude that RFC 7946 allows and nothing here uses. */
export type PositionTuple = readonly [number, number, number?];

/** True for what RFC 7946 calls a position, on this earth. */
export function isPositionTuple(value: unknown): value is PositionTuple {
  if (!Array.isArray(value)) return false;
  const lonDeg: unknown = value[0];
  const latDeg: unknown = value[1];
  if (typeof lonDeg !== "number" || typeof latDeg !== "number" || !isOnEarth(lonDeg, latDeg)) return false;
  return value.length === 2 || (value.length === 3 && Number.isFinite(value[2]));
}

/** False for NaN and infinities, by the comparisons. */
export function isOnEarth(lonDeg: number, latDeg: number): boolean {
  return lonDeg >= -180 && lonDeg <= 180 && latDeg >= -90 && latDeg <= 90;
}
