import * as z from "zod";

const MIB = 1024 * 1024;

/** What goes first when room is needed: the first key decides, later ones break ties. */
export const RETENTION_KEYS = ["oldest", "held", "recovered", "largest"] as const;
export type RetentionKey = (typeof RETENTION_KEYS)[number];

/** How released frames are kept. */
export const BufferPolicy = z.strictObject({
  /** All files of the buffer together stay below this. */
  maxBytes: z
    .int()
    .min(8 * MIB)
    .default(32 * 1024 * MIB),
  /** The file system keeps at least this free for others. */
  minFreeBytes: z
    .int()
    .nonnegative()
    .default(512 * MIB),
  /** `delete-oldest` destroys what `retention` names first; `refuse-new` loses new frames. Both say so. */
  whenFull: z.enum(["delete-oldest", "refuse-new"]).default("refuse-new"),
  /** @default ["oldest"] */
  retention: z.array(z.enum(RETENTION_KEYS)).min(1).default(["oldest"]),
  /** A segment holds frames of at most so long a time. */
  maxSegmentMs: z.int().min(100).max(3_600_000).default(10_000),
  /** A segment that has grown to this is ended. At most a quarter of `maxBytes` counts. */
  maxSegmentBytes: z
    .int()
    .min(MIB)
    .default(1024 * MIB),
  /** What a killed process loses at most, in time of frames; and at most 1 MiB, an MCAP chunk of 256 KiB and a frame. */
  flushMs: z.int().nonnegative().default(500),
  /** Frames that wait for the disk; more are lost as `overload`. */
  maxQueuedBytes: z
    .int()
    .positive()
    .default(64 * MIB),
});
export type BufferPolicy = Readonly<z.infer<typeof BufferPolicy>>;
