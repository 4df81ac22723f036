/**
 * What the guard takes for granted by default, told again here so that a drive can be measured against it without any
 * of the guard's code; a test compares the two.
 */
export const ASSUMED = {
  /** From a fix's 95 % radius to its 99.99 % radius, for a circular normal error. */
  confidenceFactor: Math.sqrt(Math.log(1e-4) / Math.log(0.05)),
  accuracyM: 15,
  speedErrorMps: 1,
  clockErrorMs: 50,
  maxFixAgeMs: 1500,
  maxSpeedMps: 70,
  maxAccelerationMps2: 10,
  minTurnRadiusM: 4.5,
  maxReverseMps: 8,
} as const;

/** √(−2·ln 0.05): the radius that holds 95 % of a circular normal error, in units of its one-axis sigma. */
export const CIRCULAR_95 = Math.sqrt(-2 * Math.log(0.05));
