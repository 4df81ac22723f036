import * as z from "zod";
import { Camera } from "../../sources/camera.ts";

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();

/** A disc that holds every reach of a segment. */
export const Disc = z.strictObject({ latDeg: z.number(), lonDeg: z.number(), radiusM: z.number() });
export type Disc = Readonly<z.infer<typeof Disc>>;

/** What a sidecar says of its segment as a whole. */
export const Summary = z.strictObject({
  id: z.string().regex(/^[0-9A-Za-z-]+$/),
  region: z.string().nullable(),
  vehicle: z.string(),
  sha256: hash,
  bytes: count,
  firstMs: z.number(),
  lastMs: z.number(),
  zoneSetHash: z.string(),
  counts: z.record(z.string(), z.strictObject({ pass: count, blur: count })),
  ending: z.enum(["whole", "recovered"]),
  /** How the cameras were mounted when the frames were taken. */
  cameras: z.array(Camera),
  extent: Disc,
});
export type Summary = Readonly<z.infer<typeof Summary>>;

/** Where a crash would leave a segment: the summary of what could then be recovered. */
export const Checkpoint = z.strictObject({
  /** How much of the sealed file counts; the journal's tail goes behind it. */
  offsetBytes: count,
  summary: Summary,
});
export type Checkpoint = Readonly<z.infer<typeof Checkpoint>>;
