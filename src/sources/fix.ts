import * as z from "zod";

/**
 * How the receiver came to a position. `estimated` is the receiver's own dead reckoning (NMEA quality 6),
 * `manual` a typed-in position (7), `simulated` a simulator's (8).
 */
export const FIX_QUALITIES = [
  "autonomous",
  "differential",
  "rtk-fixed",
  "rtk-float",
  "estimated",
  "manual",
  "simulated",
] as const;

export const Fix = z.strictObject({
  /** Time of validity (not of arrival), milliseconds since the Unix epoch on the shared clock. */
  timeMs: z.number(),
  latDeg: z.number().min(-90).max(90),
  lonDeg: z.number().min(-180).max(180),
  /** Radius that holds the true position with 95 %; null when the receiver states none. */
  accuracyM: z.number().nonnegative().nullable(),
  /** Speed over ground; null when unknown. */
  speedMps: z.number().nonnegative().nullable(),
  /** Direction of motion over ground, clockwise from true north, [0, 360]; null when unknown. */
  courseDeg: z.number().min(0).max(360).nullable(),
  quality: z.enum(FIX_QUALITIES),
});

/** One GNSS solution. */
export type Fix = Readonly<z.infer<typeof Fix>>;

export const NoFix = z.strictObject({ timeMs: z.number(), quality: z.literal("none") });

/** A receiver's own statement that at `timeMs` it has no position (NMEA status V, gpsd mode 0 or 1). */
export type NoFix = Readonly<z.infer<typeof NoFix>>;

/** What a receiver says once per epoch. */
export type GnssReport = Fix | NoFix;
