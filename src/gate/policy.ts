import * as z from "zod";

/** How the gate decides, beyond the zone files. */
export const GatePolicy = z.strictObject({
  /** A restriction ends only when so many consecutive fixes are clear of it. */
  exitFixes: z.int().min(1).max(1000).default(3),
  /** Each crossing ends up to this much farther out, at random, so that the gaps do not draw the fence. */
  marginM: z.number().nonnegative().max(10_000).default(30),
  /** Makes the random margins repeatable, for tests; absent = a new secret seed at every start. */
  seed: z.int().optional(),
  /** What happens to cameras that look inside: `drop` them all, or `judge` them as if they looked out. */
  cabin: z.enum(["drop", "judge"]).default("drop"),
  /** Frames older than this when they arrive are `late-frame`. */
  maxFrameAgeMs: z.number().positive().max(60_000).default(5000),
  /** A frame waits this long for the next fix, which narrows where the vehicle was. 0 = judged at once. */
  holdMs: z.number().nonnegative().max(10_000).default(0),
  /**
   * A frame that is not released this long after its arrival (and after `holdMs`) is dropped: as `redaction-failed`
   * when it is being redacted, whose late result is thrown away; as `overload` when it still waits behind another.
   */
  maxRedactionMs: z.number().positive().max(60_000).default(2000),
  /** Frames a camera may have waiting for a fix or for redaction; one more is dropped as `overload`. */
  maxQueuedFrames: z.int().min(1).max(10_000).default(32),
});
export type GatePolicy = Readonly<z.infer<typeof GatePolicy>>;
