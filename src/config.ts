import * as z from "zod";
import { AgeRecipient } from "./buffer/age/recipient.ts";
import { KeySource } from "./buffer/key-provider.ts";
import { BufferPolicy } from "./buffer/policy.ts";
import { GatePolicy } from "./gate/policy.ts";
import { PositioningPolicy } from "./positioning/policy.ts";
import { RedactionSettings } from "./redaction/policy-schema.ts";
import { Camera } from "./sources/camera.ts";
import { CameraSource } from "./sources/cameras/camera-source.ts";
import { ReceiverConfig } from "./sources/live/open-receiver.ts";
import { RegionConfigs } from "./upload/region-config.ts";
import { ZoneUpdatePolicy } from "./zones/update/policy.ts";

/** All that can be set about the guard, by stage; everything has a default. */
export const GuardPolicy = z.strictObject({
  positioning: PositioningPolicy.prefault({}),
  gate: GatePolicy.prefault({}),
  redaction: RedactionSettings.prefault({}),
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

const path = z.string().min(1);
/** What is served here is for this machine only. */
const loopback = z.enum(["127.0.0.1", "::1", "localhost"]).default("127.0.0.1");
/** 0 takes a free one. */
const port = z.int().min(0).max(65_535);

/** Where zone sets come from. */
export const ZoneSources = z
  .strictObject({
    /** Zone files, and folders of them; all together are one set. Changes are taken over while it runs. */
    paths: z.array(path).default([]),
    /** A signed roll-out instead of files. */
    updates: ZoneUpdatePolicy.optional(),
    /** A change counts when nothing has changed any more for so long: files are written in pieces. */
    settleMs: z.number().min(50).max(60_000).default(500),
    /** How often the files are looked at anew where the system does not tell of changes. */
    pollMs: z.number().min(100).max(3_600_000).default(10_000),
  })
  .refine(({ paths, updates }) => paths.length > 0 !== (updates !== undefined), {
    error: "expected either paths or updates",
    path: ["paths"],
  });
export type ZoneSources = Readonly<z.infer<typeof ZoneSources>>;

/** `camfence.yaml`: what `camfence run` joins. */
export const DaemonConfig = z
  .strictObject({
    /** Where the vehicle's position comes from. */
    sources: z.strictObject({ position: ReceiverConfig }),
    cameras: z.array(Camera.extend({ source: CameraSource })).min(1),
    zones: ZoneSources,
    policy: GuardPolicy.prefault({}),
    storage: StorageConfig,
    metrics: z.strictObject({ host: loopback, port: port.default(9480) }).prefault({}),
    /** Shows live what is released, over the Foxglove WebSocket protocol. */
    bridge: z
      .strictObject({ enabled: z.boolean().default(false), host: loopback, port: port.default(8765) })
      .prefault({}),
    log: z.strictObject({ level: z.enum(["debug", "info", "warn", "error"]).default("info") }).prefault({}),
    stop: z
      .strictObject({
        /** After SIGTERM, what is ready goes on being sent for at most so long. */
        sendForMs: z.number().min(0).max(600_000).default(0),
        /** Then, and at most so long after, it ends, whatever is left: under the 10 s after which most are killed. */
        withinMs: z.number().min(100).max(600_000).default(8000),
      })
      .prefault({}),
    /** The ffmpeg to run. */
    ffmpeg: path.default("ffmpeg"),
  })
  .superRefine(({ cameras, sources }, context) => {
    for (const [i, { id }] of cameras.entries()) {
      if (cameras.findIndex((other) => other.id === id) === i) continue;
      context.addIssue({ code: "custom", path: ["cameras", i, "id"], message: `camera ${id} stands twice` });
    }
    const readers = cameras.filter(({ source }) => source.kind === "stdin").length;
    if (readers + (sources.position.kind === "nmea-stdin" ? 1 : 0) < 2) return;
    context.addIssue({
      code: "custom",
      path: ["cameras"],
      message: "standard input can be read by one only",
    });
  });
export type DaemonConfig = Readonly<z.infer<typeof DaemonConfig>>;
