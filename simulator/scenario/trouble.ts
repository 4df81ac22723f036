import * as z from "zod";
import { Place, bearing, metres, seconds, span } from "./fields.ts";
import { ZoneInput } from "./zones.ts";

const during = { atS: seconds, forS: span };
const camera = z.string().min(1).optional().describe("Absent: all cameras.");
const without = z.array(z.string()).default([]).describe("Ids of zones that the set has no more.");

/** What somebody does on purpose. */
export const Attack = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("meaconing"),
    ...during,
    at: Place.describe("Where the relayed signal was received."),
  }),
  z.strictObject({
    kind: z.literal("drift"),
    ...during,
    mps: z.number().positive().max(1000).describe("How fast the spoofed track leaves the true one."),
    bearingDeg: bearing,
    returns: z.boolean().default(false).describe("Whether the truth is told again at its end."),
  }),
  z.strictObject({
    kind: z.literal("replay"),
    ...during,
    agoS: span.describe("The reports of so long ago come again."),
    restamped: z.boolean().default(false).describe("Whether they carry the present time."),
  }),
  z.strictObject({ kind: z.literal("simulated"), ...during }),
  z.strictObject({
    kind: z.literal("zone-rollback"),
    atS: seconds,
    daysOlder: z.number().positive().max(10_000).default(30),
    without,
  }),
  z.strictObject({
    kind: z.literal("clock-step"),
    atS: seconds,
    byMs: z.number().min(-1e12).max(1e12),
    of: z.enum(["all", "cameras", "receiver"]).default("all").describe("Whose clock."),
  }),
]);
export type Attack = Readonly<z.infer<typeof Attack>>;

/** What breaks by itself. */
export const Fault = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("receiver-dies"),
    atS: seconds,
    how: z.enum(["ends", "fails", "silent"]).default("silent"),
    backAfterS: span.optional().describe("Only after silence: then it speaks again."),
  }),
  z.strictObject({
    kind: z.literal("camera-dies"),
    atS: seconds,
    camera,
    how: z.enum(["ends", "fails"]).default("fails"),
  }),
  z.strictObject({ kind: z.literal("frame-burst"), ...during, camera }),
  z.strictObject({ kind: z.literal("broken-frames"), ...during, camera }),
  z.strictObject({
    kind: z.literal("zones-replaced"),
    atS: seconds,
    content: z.enum(["good", "broken", "empty"]).default("good"),
    without,
    with: z.array(ZoneInput).default([]),
  }),
  z.strictObject({ kind: z.literal("disk-full"), ...during }),
  z.strictObject({ kind: z.literal("kill"), atS: seconds, downS: span.default(3) }),
  z.strictObject({
    kind: z.literal("no-fix-elsewhere"),
    ...during,
    awayM: metres.default(1_000_000).describe("NMEA with quality 0, and a position so far away."),
  }),
  z.strictObject({
    kind: z.literal("wrong-places"),
    ...during,
    offM: z.tuple([metres, metres]).default([198, 717]),
    accuracyM: z.tuple([metres, metres]).default([1.7, 10.9]),
  }),
]);
export type Fault = Readonly<z.infer<typeof Fault>>;
