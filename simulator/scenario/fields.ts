import * as z from "zod";
import { parseIsoMs } from "../../src/core/time.ts";

/** A rule over several members is told beside the mistakes of each, whatever these are. */
export const besideOthers = {
  when: ({ value }: { readonly value: unknown }): boolean => typeof value === "object" && value !== null,
};

// The message of every check is what the file should have held.

export const seconds = z.number("seconds, 0 or more").min(0, "seconds, 0 or more").max(1e6, "at most 1e6 s");
export const span = z.number("seconds over 0").positive("seconds over 0").max(1e6, "at most 1e6 s");
export const metres = z.number("metres, 0 or more").min(0, "metres, 0 or more").max(1e7, "at most 1e7 m");
export const speed = z
  .number("metres a second over 0")
  .positive("metres a second over 0")
  .max(150, "at most 150 m/s");
export const share = z
  .number("a share from 0 to 1")
  .min(0, "a share from 0 to 1")
  .max(1, "a share from 0 to 1");
export const bearing = z.number("degrees clockwise from north").min(-360).max(360);

export const GeoPlace = z.strictObject({
  latDeg: z.number().min(-85).max(85),
  lonDeg: z.number().min(-180).max(180),
});

/** Metres east and north of the scenario's origin. */
export const MetricPlace = z.strictObject({
  eastM: z.number().min(-1e6).max(1e6),
  northM: z.number().min(-1e6).max(1e6),
});

export const Place = z.union([MetricPlace, GeoPlace], {
  error: "a place: { eastM, northM } from the origin, or { latDeg, lonDeg }",
});
export type Place = Readonly<z.infer<typeof Place>>;

const ISO = 'a time with its zone, such as "2026-03-01T08:00:00Z"';
export const IsoTime = z
  .string(ISO)
  .refine((value) => Number.isFinite(parseIsoMs(value)), ISO)
  .meta({ format: "date-time" });
