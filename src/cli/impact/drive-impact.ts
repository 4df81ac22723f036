import * as z from "zod";
import { PackedCells } from "./packed-cells.ts";

const Count = z.int().nonnegative();
const ChangeCounts = z.strictObject({
  dropped: Count,
  blurred: Count,
  released: Count,
  /** Those of them that are held back less than before: released, or blurred where they were dropped. */
  weaker: Count,
});

/** What becomes of frames under the new set, where that differs from the old one. */
export type ChangeCounts = Readonly<z.infer<typeof ChangeCounts>>;

const Action = z.enum(["pass", "blur", "drop"]);

const ChangedSpan = z.strictObject({
  camera: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  frames: Count,
  was: Action,
  becomes: Action,
  /** The zones that make the difference: the new set's, or for released frames the old one's. */
  zones: z.array(z.string()).readonly(),
});

/** A stretch of one camera's frames that all change alike. */
export type ChangedSpan = Readonly<z.infer<typeof ChangedSpan>>;

const DriveImpact = z.strictObject({
  frames: Count,
  changes: ChangeCounts,
  zones: z.record(z.string(), ChangeCounts),
  /** The first ones. */
  spans: z.array(ChangedSpan).readonly(),
  spansLeftOut: Count,
  /** For the map alone. */
  places: z.strictObject({ way: PackedCells, changed: PackedCells }).readonly(),
  /** What of the drive was left out or read otherwise than it stands there; the first ones. */
  warnings: z.array(z.string()).readonly(),
});

/** What the new set would change about one drive's frames. */
export type DriveImpact = Readonly<z.infer<typeof DriveImpact>>;

/** What came of a drive; read again from files and from a queue, which others may have written to. */
export const JobResult = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("judged"), impact: DriveImpact }),
  z.strictObject({ outcome: z.literal("failed"), message: z.string() }),
]);

/** A drive that is wrong in itself fails once and for all; anything else that goes wrong throws, and may be tried again. */
export type JobResult = Readonly<z.infer<typeof JobResult>>;
