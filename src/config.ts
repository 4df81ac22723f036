import { z } from "zod";
import { AgeRecipient } from "./buffer/age/recipient.ts";
import { KeySource } from "./buffer/key-provider.ts";
import { BufferPolicy } from "./buffer/policy.ts";
import { GatePolicy } from "./gate/policy.ts";
import { PositioningPolicy } from "./positioning/policy.ts";
import { completePolicy } from "./redaction/policy.ts";
import type { RedactionPolicy } from "./redaction/policy.ts";
import { RegionConfigs } from "./upload/region-config.ts";

/** All that can be set about the guard, by stage; everything has a default. */
export const GuardPolicy = z.strictObject({
  positioning: PositioningPolicy.prefault({}),
  gate: GatePolicy.prefault({}),
  redaction: z
    .custom<Partial<RedactionPolicy>>((given) => typeof given === "object" && given !== null)
    .transform(completePolicy)
    .prefault({}),
});
export type GuardPolicy = Readonly<z.infer<typeof GuardPolicy>>;
export type GuardPolicyInput = z.input<typeof GuardPolicy>;

/** How sealed segments are sent. */
export const UploadPolicy = z.strictObject({
  /** Bytes per second over all regions. @default without a bound */
  maxBytesPerSecond: z.number().positive().optional(),
  /** Longest wait after the first failure; it doubles with each more, and half of it is random. */
  firstRetryMs: z.number().positive().default(1000),
  maxRetryMs: z.number().positive().default(300_000),
  /** How often an empty queue looks for new segments. */
  pollMs: z.number().positive().default(1000),
  /** Longest silence of a receiver, its check of a whole segment included. */
  silenceMs: z.number().positive().default(120_000),
});
export type UploadPolicy = Readonly<z.infer<typeof UploadPolicy>>;

/** Rule 7's account: how often it is signed, and how large its files grow. */
export const LedgerPolicy = z.strictObject({
  /** Minutes from one signed checkpoint to the next: what a kill may leave uncounted. */
  checkpointMinutes: z.int().min(1).max(1440).default(1),
  /** A new file is begun after the checkpoint that makes one this large. */
  maxFileBytes: z
    .int()
    .min(65_536)
    .default(8 * 1024 * 1024),
});

/** What is kept of released frames, where it goes, and how it is accounted for. */
export const StorageConfig = z.strictObject({
  /** Named in every segment. */
  vehicle: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, "expected up to 64 letters, digits, dots, dashes, underscores"),
  /** Holds `segments`, `ledger` and `uploads.json`; one process at a time may use it. */
  folder: z.string().min(1),
  /** Seals what the vehicle reads again: sidecars and journals, never frames. */
  deviceKey: KeySource,
  /** Signs the ledger. */
  ledgerKey: KeySource,
  /** Data centres; a frame of a region that is not here is held. @default none: nothing is sent */
  regions: RegionConfigs.default([]),
  /** Age recipient of frames of no region: kept and never sent. null = such frames are not kept. */
  holdRecipient: AgeRecipient.nullable().default(null),
  buffer: BufferPolicy.prefault({}),
  upload: UploadPolicy.prefault({}),
  ledger: LedgerPolicy.prefault({}),
});
export type StorageConfig = Readonly<z.infer<typeof StorageConfig>>;
