import * as z from "zod";
import { quickTpv } from "./gpsd-quick.ts";
import { parseUtcMs } from "./utc.ts";

/** gpsd leaves a field out, or gives null, when it does not know it. */
function optional<Field extends z.ZodType>(field: Field) {
  return field.nullish().transform((value) => value ?? undefined);
}

/** The end of the year 9999, as far as ISO 8601 goes. */
const MAX_SECONDS = 253_402_300_799;

/** ISO 8601 since gpsd 3.0, seconds since the Unix epoch before. */
const Time = z.union([
  z.iso.datetime().transform(parseUtcMs).pipe(z.number()),
  z
    .number()
    .min(0)
    .max(MAX_SECONDS)
    .transform((seconds) => Math.round(seconds * 1000)),
]);

/** Time, position, velocity; gpsd_json(5). Fields that we do not use may come and go. */
const Tpv = z.object({
  class: z.literal("TPV"),
  /** 0 unknown, 1 no fix, 2 two-dimensional, 3 three-dimensional. */
  mode: z.int().min(0).max(3),
  time: optional(Time),
  /** See `QUALITY_BY_STATUS`. */
  status: optional(z.int().nonnegative()),
  lat: optional(z.number().min(-90).max(90)),
  lon: optional(z.number().min(-180).max(180)),
  /** Estimated errors in metres: of the horizontal position, and east and north. */
  eph: optional(z.number().nonnegative()),
  epx: optional(z.number().nonnegative()),
  epy: optional(z.number().nonnegative()),
  /** Metres per second. */
  speed: optional(z.number().nonnegative()),
  /** Degrees from true north. */
  track: optional(z.number().min(0).max(360)),
});
export type Tpv = z.infer<typeof Tpv>;

/** Standard deviations of the position, in metres; the ellipse, or north and east. */
const Gst = z.object({
  class: z.literal("GST"),
  time: optional(Time),
  major: optional(z.number().nonnegative()),
  minor: optional(z.number().nonnegative()),
  lat: optional(z.number().nonnegative()),
  lon: optional(z.number().nonnegative()),
});
export type Gst = z.infer<typeof Gst>;

const GpsdRecord = z.discriminatedUnion("class", [Tpv, Gst]);

export type GpsdLine =
  | { readonly kind: "record"; readonly record: Tpv | Gst }
  /** Another class of gpsd's (SKY, VERSION, DEVICES), which is read past. */
  | { readonly kind: "other" }
  | { readonly kind: "malformed" }
  /** No JSON object: raw sentences and comments in a log. */
  | { readonly kind: "none" };

/** Reads one line of gpsd's stream. */
export function gpsdLine(line: string): GpsdLine {
  const text = line.trim();
  if (!text.startsWith("{")) return { kind: "none" };
  // Satellite lists are long and frequent: only what may be ours is parsed.
  if (!text.includes('"TPV"') && !text.includes('"GST"')) return otherClass(text);
  const value = parseJson(text);
  const quick = quickTpv(value);
  if (quick !== null) return { kind: "record", record: quick };
  const parsed = GpsdRecord.safeParse(value);
  if (parsed.success) return { kind: "record", record: parsed.data };
  return { kind: "malformed" };
}

function otherClass(text: string): GpsdLine {
  return { kind: text.endsWith("}") && text.includes('"class"') ? "other" : "malformed" };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Undefined is no record, so the caller counts the line as malformed.
    return undefined;
  }
}
