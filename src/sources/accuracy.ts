/**
 * Radius of the circle that holds 95 % of a circular normal error, in units of its one-axis sigma:
 * √(−2·ln 0.05). For an elliptic error with the larger sigma it holds more.
 */
export const CIRCULAR_95_PER_SIGMA = Math.sqrt(-2 * Math.log(0.05));

/**
 * Horizontal error at 95 % per unit of HDOP, without and with differential correction: gpsd's H_UERE_NO_DGPS
 * and H_UERE_WITH_DGPS (gpsd 3.22, libgpsd_core.c).
 */
const UERE_95_M = { autonomous: 15, differential: 3.75 } as const;

/** 95 % radius from a one-axis sigma; null when there is none. A sigma of 0 is unknown, not perfect. */
export function accuracyFromSigmaM(sigmaM: number | undefined): number | null {
  return isPositive(sigmaM) ? CIRCULAR_95_PER_SIGMA * sigmaM : null;
}

/** 95 % radius from HDOP; null when there is none. An HDOP of 0 is a receiver's word for unknown. */
export function accuracyFromHdopM(
  hdop: number | undefined,
  correction: "autonomous" | "differential",
): number | null {
  return isPositive(hdop) ? hdop * UERE_95_M[correction] : null;
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && value > 0 && value < Number.POSITIVE_INFINITY;
}
