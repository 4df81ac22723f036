import * as z from "zod";

/**
 * How fixes are believed, and how far a vehicle can get. Every default errs towards a larger reach; each has its
 * source beside it.
 */
export const PositioningPolicy = z.strictObject({
  /** A fix older than this, by its own time, says nothing any more. */
  maxFixAgeMs: z.number().positive().max(60_000).default(1500),
  /**
   * Probability that the true position lies within the reach, under a circular normal error. Scales a fix's 95 %
   * radius by √(ln(1 − confidence) / ln 0.05): 1.75 for the default.
   */
  confidence: z.number().min(0.95).max(0.999_999_9).default(0.9999),
  /**
   * Taken where the receiver states no accuracy: the 95 % horizontal error at the worst site of the GPS SPS
   * Performance Standard (5th edition, 2020, table 3.8-3) is 15 m. Unknown is never zero.
   */
  assumedAccuracyM: z.number().positive().max(100_000).default(15),
  /** A fix that claims a worse 95 % radius than this is `coarse-fix`: the roads around a compound are this near. */
  maxAccuracyM: z.number().positive().max(100_000).default(100),
  /** Error of a stated speed and course, as a vector. Doppler gives 0.1 m/s; filters lag behind that. */
  speedErrorMps: z.number().nonnegative().max(100).default(1),
  /** Fastest the vehicle can go: 250 km/h, where car makers limit their cars. */
  maxSpeedMps: z.number().positive().max(1000).default(70),
  /** Greatest acceleration in any direction: 1 g and a little is what road tyres hold (friction circle). */
  maxAccelerationMps2: z.number().positive().max(1000).default(10),
  /** By how much the clocks of cameras and receiver may differ after mapping to the shared one. */
  clockErrorMs: z.number().nonnegative().max(10_000).default(50),
  /** So many consecutive fixes must agree before the first is believed, and again after a jump. */
  agreeFixes: z.int().min(1).max(100).default(3),
  /** After a silence longer than this the next fix is as good as the first: it must be confirmed again. */
  maxGapMs: z.number().positive().max(3_600_000).default(30_000),
  /** Whether fixes of a simulator count: on a test bench only. */
  allowSimulated: z.boolean().default(false),
  /** Below this speed a vehicle may be reversing, and its course is not where it points: 30 km/h in reverse gear. */
  maxReverseMps: z.number().nonnegative().max(1000).default(8),
  /** Smallest turning circle's radius at the wheel: small cars turn within 10 m kerb to kerb. */
  minTurnRadiusM: z.number().positive().max(1000).default(4.5),
  /**
   * How far the antenna may be from the rear axle, lengthwise: in a turn only the axle moves where the vehicle points.
   * A car's wheelbase is under 3 m, and the antenna stands on its roof.
   */
  axleToAntennaM: z.number().nonnegative().max(100).default(2),
  /** By how much, relatively, wheels may be wrong: worn and under-inflated tyres 3 %, a display of the law 10 %. */
  wheelErrorRatio: z.number().nonnegative().max(0.5).default(0.1),
  /**
   * What a wheel speed may do. `doubt`: a fix that it contradicts is implausible; it never makes the reach smaller.
   * `bound`: the vehicle goes no farther than its wheels turn, so it stays near the last fix while they stand. That is
   * untrue of a vehicle that slides with locked wheels or is carried, and of a forged speed: a choice, not a default.
   */
  wheels: z.enum(["doubt", "bound"]).default("doubt"),
});
export type PositioningPolicy = Readonly<z.infer<typeof PositioningPolicy>>;

/** Factor from a fix's 95 % radius to that of the policy's confidence, for a circular normal error (Rayleigh). */
export function confidenceFactor({ confidence }: PositioningPolicy): number {
  if (confidence !== lastConfidence) {
    lastConfidence = confidence;
    lastFactor = Math.sqrt(Math.log(1 - confidence) / Math.log(0.05));
  }
  return lastFactor;
}

/** Asked several times for each fix, and nearly always the same. */
let lastConfidence = Number.NaN;
let lastFactor = Number.NaN;
