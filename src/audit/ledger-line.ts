import * as z from "zod";
import { REASONS } from "../gate/verdict.ts";
import { MINUTE_TIME } from "./minute.ts";

/*
 * What the lines of a ledger hold. Deliberately absent: coordinates, zone ids (they name sensitive sites, and even a
 * made-up token per zone would tell which crossings belong to one site), the size and the frames of single segments
 * (a short segment is a clock), free text of errors (it may quote an input), and any time finer than a minute.
 */

const Minute = z.string().regex(MINUTE_TIME);
const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.int().nonnegative();
const Name = z.string();
/** A remainder: below zero when the sums are wrong, which the balance check names. */
const Remainder = z.int();

/** Where a line stands: its number in the ledger over all files, and the SHA-256 of the line before it. */
const Place = { seq: Count, time: Minute, prev: Hash };

export const MAGIC = "camfence-ledger";
export const VERSION = 1;

export const HeaderLine = z.strictObject({
  magic: z.literal(MAGIC),
  version: z.literal(VERSION),
  ...Place,
  event: z.literal("header"),
  /** Random, the same in all files of a ledger. */
  ledger: z.string().regex(/^[0-9a-f]{32}$/),
  /** Number of the file, from 1. */
  file: z.int().positive(),
  /** Name of the file before it; null in the first. `prev` is the hash of that file's last line. */
  after: Name.nullable(),
  /** The session that began the file. */
  session: z.int().positive(),
  /** The raw Ed25519 public key, and the first 16 digits of its SHA-256. */
  publicKey: Hash,
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
});
export type HeaderLine = Readonly<z.infer<typeof HeaderLine>>;

const FrameSums = { in: Count, passed: Count, blurred: Count, dropped: Count, lost: Count };

/** `unjudged`: frames that came in and never got a verdict; they are lost. */
export const FrameRow = z.strictObject({
  camera: Name,
  reason: z.enum([...REASONS, "unjudged"]),
  ...FrameSums,
});
export type FrameRow = Readonly<z.infer<typeof FrameRow>>;

/** All counts are of one session: the time from one start of the daemon to the next. */
export const CheckpointLine = z.strictObject({
  ...Place,
  event: z.literal("checkpoint"),
  session: z.int().positive(),
  /** True for the last checkpoint of a session that ended in order. */
  closing: z.boolean(),
  frames: z.strictObject(FrameSums),
  byReason: z.array(FrameRow),
  /** Frames: carried (in storage when the session began) + released = unsealed + stored + sent + destroyed + lost. */
  released: z.strictObject({
    carried: Count,
    released: Count,
    unsealed: Remainder,
    stored: Remainder,
    sent: Count,
    destroyed: Count,
    lost: Count,
  }),
  /** Segments: carried + sealed = stored + sent + destroyed + lost. */
  segments: z.strictObject({
    carried: Count,
    sealed: Count,
    stored: Remainder,
    sent: Count,
    destroyed: Count,
    lost: Count,
  }),
  /** Events that could not be written, and attempts to write that failed. */
  eventsLost: Count,
  writeFailures: Count,
  /** Ed25519 over the line's bytes without this member. */
  sig: z.string().regex(/^[0-9a-f]{128}$/),
});
export type CheckpointLine = Readonly<z.infer<typeof CheckpointLine>>;

/** How many of these within the minute. */
const Times = z.int().positive();

const RestrictionMembers = {
  ...Place,
  camera: Name,
  reason: z.enum(REASONS),
  times: Times,
};

const Segment = { ...Place, segment: Hash };

export const INPUT_ENDINGS = ["ended", "failed", "refused"] as const;
export const DESTROY_REASONS = ["recheck", "revoked", "retention", "purged"] as const;

/** Whose signed update a zone set came by, from when on it is in force, and how far it is relied on. */
const ZoneSource = z.strictObject({
  state: z.enum(["fresh", "widened", "closed"]),
  since: Minute,
  repository: Name,
  target: Name,
  role: Name,
  /** Ids of the keys that signed for the role. */
  signers: z.array(Hash),
  versions: z.strictObject({ root: Count, timestamp: Count, snapshot: Count, targets: Count }),
});

export const LedgerLine = z.discriminatedUnion("event", [
  HeaderLine,
  CheckpointLine,
  z.strictObject({ ...Place, event: z.literal("started"), session: z.int().positive() }),
  /** A torn last line was cut off when the session began. */
  z.strictObject({ ...Place, event: z.literal("recovered"), cutBytes: z.int().positive() }),
  /** The clock went back by this much; times stand until it has caught up. */
  z.strictObject({ ...Place, event: z.literal("clock-back"), minutes: z.int().positive() }),
  z.strictObject({ ...RestrictionMembers, event: z.literal("restriction-started") }),
  z.strictObject({ ...RestrictionMembers, event: z.literal("restriction-ended") }),
  z.strictObject({
    ...Place,
    event: z.literal("zone-set"),
    hash: Hash,
    issued: Minute,
    expires: Minute,
    /** Absent for zone files that somebody put into the vehicle. */
    from: ZoneSource.optional(),
  }),
  z.strictObject({
    ...Place,
    event: z.literal("input"),
    input: Name,
    what: z.enum(INPUT_ENDINGS),
    times: Times,
  }),
  z.strictObject({ ...Place, event: z.literal("revoked"), after: Minute, until: Minute, times: Times }),
  z.strictObject({ ...Place, event: z.literal("storage-opened"), segments: Count, frames: Count }),
  z.strictObject({ ...Segment, event: z.literal("segment-sealed"), region: Name.nullable() }),
  z.strictObject({ ...Segment, event: z.literal("segment-sent"), region: Name }),
  z.strictObject({ ...Segment, event: z.literal("segment-destroyed"), reason: z.enum(DESTROY_REASONS) }),
  z.strictObject({ ...Segment, event: z.literal("segment-lost") }),
  z.strictObject({ ...Place, event: z.literal("rechecked"), zoneSet: Hash, kept: Count, destroyed: Count }),
]);
export type LedgerLine = Readonly<z.infer<typeof LedgerLine>>;

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** A line before it has its place in the chain. */
export type LedgerEvent = Without<LedgerLine, keyof typeof Place | "sig" | "magic" | "version">;
export type CheckpointEvent = Extract<LedgerEvent, { event: "checkpoint" }>;
