import * as z from "zod";
import { IsoTime, metres, seconds, span } from "./fields.ts";

const When = z.union([seconds, IsoTime], {
  error: "seconds from the drive's start, or a time with its zone",
});
const Reason = z.string().regex(/^[a-z-]+$/, "a reason as verdicts have it, such as inside");
const Action = z.enum(["pass", "blur", "drop"], "pass, blur or drop");
const oneOrMore = <T extends z.ZodType>(of: T) => z.union([of, z.array(of).min(1)]);
const count = z.int().min(0);

/** Which frames: all that match everything that is given. */
const which = {
  camera: z.string().min(1).optional(),
  at: When.optional().describe("The frame of each camera that is nearest to this time."),
  between: z.tuple([When, When]).optional(),
  near: z
    .strictObject({
      latDeg: z.number().min(-90).max(90),
      lonDeg: z.number().min(-180).max(180),
      radiusM: metres,
    })
    .optional()
    .describe("Where they were taken: the truth of a simulated drive, the reach of a recorded one."),
};
const what = {
  action: oneOrMore(Action).optional(),
  reason: oneOrMore(Reason).optional(),
  zone: z.string().min(1).optional().describe("An id among those of the verdict."),
};

export const Expectation = z.discriminatedUnion("that", [
  z.strictObject({
    that: z.literal("no-leak"),
    unlessBroken: z
      .boolean()
      .default(false)
      .describe("Frames taken while an assumption of the guard was broken do not count."),
  }),
  z.strictObject({
    that: z.literal("outcome"),
    ...which,
    ...what,
    of: z
      .enum(["all", "some", "none"])
      .default("all")
      .describe("How many of these frames; there must be one, but for none."),
  }),
  z.strictObject({
    that: z.literal("count"),
    ...which,
    ...what,
    atLeast: count.optional(),
    atMost: count.optional(),
  }),
  z.strictObject({
    that: z.literal("reasons"),
    ...which,
    only: z.array(Reason).min(1).optional(),
    among: z.array(Reason).min(1).optional().describe("Each of these comes."),
  }),
  z.strictObject({
    that: z.literal("early"),
    zone: z.string().min(1),
    camera: z.string().min(1).optional(),
    atMostM: metres.describe("Farthest from where the zone truly restricts that it closes for it."),
  }),
  z.strictObject({
    that: z.literal("recovery"),
    camera: z.string().min(1).optional(),
    after: When,
    withinS: span.describe("In which time a frame passes again."),
  }),
  z.strictObject({
    that: z.literal("stored"),
    lostAtLeast: count.optional().describe("Released frames that the disk did not take."),
    lostAtMost: count.optional(),
    after: When.optional().describe("A frame that was taken later is stored again."),
    unaccountedAtMost: count
      .default(0)
      .describe("Released frames that are neither stored nor counted as lost: what a kill may leave."),
  }),
  z.strictObject({ that: z.literal("revocations"), atLeast: count.optional(), atMost: count.optional() }),
]);
export type Expectation = Readonly<z.infer<typeof Expectation>>;

/** What must come of a recorded drive: the file `drive.expect.yaml` beside `drive.nmea`. */
export const DriveExpectations = z.strictObject({
  camfence: z.strictObject({ expectations: z.literal(1) }),
  expect: z.array(Expectation).min(1).max(10_000),
});
