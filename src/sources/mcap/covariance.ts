import { accuracyFromSigmaM } from "../accuracy.ts";

const UNKNOWN = 0;
const DIAGONAL_KNOWN = 2;

/**
 * 95 % radius out of a covariance (east, north, up; row-major; square metres): that of a circle with the longer axis of
 * its horizontal ellipse. null where the type says that it is unknown, and for anything that is no covariance: zeros are
 * what messages hold that were never filled in, and no receiver is perfect.
 */
export function accuracyOfCovarianceM(covariance: readonly number[], type: number): number | null {
  const [east = Number.NaN, eastNorth = Number.NaN, , , north = Number.NaN] = covariance;
  if (type === UNKNOWN || !(east >= 0) || !(north >= 0)) return null;
  const shared = type === DIAGONAL_KNOWN ? 0 : eastNorth;
  // The greater eigenvalue of [east shared; shared north].
  const variance = (east + north) / 2 + Math.hypot((east - north) / 2, shared);
  return accuracyFromSigmaM(Math.sqrt(variance));
}
