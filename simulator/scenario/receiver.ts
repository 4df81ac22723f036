import * as z from "zod";
import { FIX_QUALITIES } from "../../src/sources/fix.ts";
import { bearing, metres, seconds, share, span } from "./fields.ts";

const SILENCE = z
  .enum(["nothing", "void", "estimated"])
  .describe("What it says then: nothing, that it has no fix, or its own dead reckoning.");

const jump = { offsetM: metres, bearingDeg: bearing.optional().describe("Absent: from the seed.") };

export const Receiver = z.strictObject({
  rateHz: z.number().min(1, "1 to 20 Hz").max(20, "1 to 20 Hz").default(5),
  quality: z.enum(FIX_QUALITIES).default("autonomous"),
  noise: z
    .strictObject({
      sigmaM: metres.default(1.5).describe("One-axis sigma of the slow error."),
      correlationS: span.default(30).describe("Time in which it forgets itself (Gauss-Markov)."),
      whiteM: metres.default(0.2).describe("One-axis sigma of the error of each fix alone."),
      tails: z
        .enum(["bounded", "normal"])
        .default("bounded")
        .describe("Bounded: never beyond the 99.99 % radius that an honest accuracy claims."),
    })
    .prefault({}),
  drift: z
    .strictObject({
      mps: z.number().min(0).max(10).default(0),
      maxM: metres.default(0),
      bearingDeg: bearing.optional(),
    })
    .prefault({})
    .describe("A bias that grows from the start to its greatest."),
  speedErrorMps: z.number().min(0).max(100).default(0.15).describe("One-axis sigma of the velocity's error."),
  saysSpeed: z.boolean().default(true),
  saysCourse: z.boolean().default(true),
  courseFromMps: z.number().min(0).max(20).default(0.5).describe("Slower than this it states no course."),
  accuracy: z
    .strictObject({
      says: z.enum(["honest", "optimistic", "absent"]).default("honest"),
      factor: z
        .number()
        .min(0.01)
        .max(1)
        .default(0.3)
        .describe("Optimistic: this share of the honest radius."),
    })
    .prefault({}),
  latencyMs: z.number().min(0).max(60_000).default(60).describe("From validity to arrival."),
  latencyJitterMs: z.number().min(0).max(60_000).default(20),
  late: z
    .strictObject({
      share: share.default(0),
      byMs: z.number().min(0).max(60_000).default(400),
      inOrder: z.boolean().default(false),
    })
    .prefault({})
    .describe("Which share comes late, and by how much; out of order, unless all behind wait, too."),
  duplicates: share.default(0).describe("Which share comes twice."),
  multipath: z
    .array(z.strictObject({ atS: seconds, forS: span, ...jump, honest: z.boolean().default(false) }))
    .max(1000)
    .default([]),
  multipathAtRandom: z.strictObject({ everyS: span, forS: span, offsetM: metres }).optional(),
  outages: z
    .array(
      z.strictObject({
        atS: seconds,
        forS: span,
        says: SILENCE.default("nothing"),
        jumpM: metres.default(0).describe("How far off the first fix after it is."),
        settlesS: seconds.default(0).describe("In which time that goes away."),
        bearingDeg: bearing.optional(),
      }),
    )
    .max(1000)
    .default([]),
  tunnels: z
    .strictObject({
      says: SILENCE.default("void"),
      exitErrorM: metres.default(0),
      settlesS: seconds.default(3),
    })
    .prefault({})
    .describe("In and after the route's tunnels."),
  stuck: z
    .array(z.strictObject({ atS: seconds, forS: span }))
    .max(100)
    .default([])
    .describe("The last place again and again, with new times."),
  weekRolloverAtS: seconds.optional().describe("From then on its times are 1024 weeks back."),
  leapSecond: z
    .strictObject({ atS: seconds, byS: z.number().min(-18).max(18).default(1), forS: span.default(600) })
    .optional()
    .describe("Its times are off by whole seconds for a while."),
});
export type Receiver = Readonly<z.infer<typeof Receiver>>;
