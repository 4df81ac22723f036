import { createHash } from "node:crypto";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { McapStreamReader } from "@mcap/core";
import protobuf from "protobufjs";
import { BufferPolicy } from "../../src/buffer/policy.ts";
import { CLAIMS, ENDING } from "../../src/buffer/segment-claims.ts";
import type { SegmentStore, StoreEvent } from "../../src/buffer/segment-store.ts";
import type { SegmentWriter, SegmentWriterOptions } from "../../src/buffer/segment-writer.ts";
import { createSegmentWriter } from "../../src/buffer/segment-writer.ts";
import type { SegmentVault } from "../../src/buffer/segment-vault.ts";
import { seededRandom } from "../../src/core/random.ts";
import type { Outcome } from "../../src/gate/record.ts";
import { Camera } from "../../src/sources/camera.ts";
import type { Frame } from "../../src/sources/frame.ts";
import { T0_MS } from "./drives.ts";

export const DEVICE_KEY = Buffer.alloc(32, 7);
export const IDENTITY = await generateX25519Identity();
export const RECIPIENT = await identityToRecipient(IDENTITY);
export const HOLD_IDENTITY = await generateX25519Identity();
export const HOLD_RECIPIENT = await identityToRecipient(HOLD_IDENTITY);
export const CAMERAS = ["front", "rear"].map((id, i) => Camera.parse({ id, yawDeg: 180 * i, hfovDeg: 100 }));
/** Far from everything. */
export const PLACE = { latDeg: 47.5, lonDeg: 9.5, radiusM: 5 };

/** Frame number `seq`: every 100 ms one, of bytes that depend on nothing but the number. */
export function frameNumber(seq: number, sizeBytes = 20_000, more: Partial<Frame> = {}): Frame {
  const random = seededRandom(seq + 1);
  const words = new Uint32Array(Math.ceil(sizeBytes / 4)).map(() => random() * 2 ** 32);
  const data = new Uint8Array(words.buffer).subarray(0, sizeBytes);
  const camera = seq % 2 === 0 ? "front" : "rear";
  return {
    camera,
    timeMs: T0_MS + 100 * seq,
    seq,
    width: 640,
    height: 480,
    format: "jpeg",
    data,
    keyframe: true,
    ...more,
  };
}

export const HEADING = { deg: 90, errorDeg: 5 };

export function releasedOutcome(frame: Frame, more: Partial<Outcome["record"]> = {}): Outcome {
  const { timeMs, camera, seq } = frame;
  const record = {
    timeMs,
    camera,
    seq,
    action: "pass",
    reason: "clear",
    zones: [],
    clearanceM: 100,
    region: "cn",
    heading: HEADING,
    ...PLACE,
  } as const;
  const merged = { ...record, ...more };
  return { record: merged, released: { frame, informationBits: merged.action === "blur" ? 64 : null } };
}

export function writerFor(
  vault: SegmentVault,
  more: Partial<Omit<SegmentWriterOptions, "policy">> & { policy?: object } = {},
): SegmentWriter {
  return createSegmentWriter({
    vault,
    vehicle: "test-vehicle",
    cameras: CAMERAS,
    recipients: { cn: RECIPIENT },
    holdRecipient: null,
    ...more,
    policy: BufferPolicy.parse({ minFreeBytes: 0, ...more.policy }),
  });
}

/** Writes frames `from` to `to` (exclusive); returns what happened. */
export async function writeFrames(
  writer: SegmentWriter,
  from: number,
  to: number,
  sizeBytes?: number,
): Promise<StoreEvent[]> {
  const events: StoreEvent[] = [];
  for (let seq = from; seq < to; seq++) {
    events.push(...(await writer.write(releasedOutcome(frameNumber(seq, sizeBytes)))));
  }
  return events;
}

export async function sealedBytes(store: SegmentStore, id: string, fromByte = 0): Promise<Buffer> {
  const read = await store.read(id, fromByte);
  if (read.kind !== "bytes") throw new Error(`segment ${id}: ${read.kind}`);
  const pieces: Buffer[] = [];
  for await (const piece of read.stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Frames `from` to `to` (exclusive) as `Opened` shows them. */
export function framesAsOpened(from: number, to: number, sizeBytes?: number): Opened["frames"] {
  return Array.from({ length: to - from }, (_, i) => {
    const { camera, seq, data } = frameNumber(from + i, sizeBytes);
    return { camera, seq, sha256: sha256Of(data) };
  });
}

export interface Opened {
  readonly claims: Readonly<Record<string, string>>;
  readonly ending: Readonly<Record<string, string>>;
  readonly frames: readonly { readonly camera: string; readonly seq: number; readonly sha256: string }[];
  /** JSON messages by topic. */
  readonly notes: ReadonlyMap<string, readonly Record<string, unknown>[]>;
}

/** Opens a sealed segment with the age library and MCAP's own reader: no line of ours takes part. */
export async function openSegment(sealed: Uint8Array, identity: string = IDENTITY): Promise<Opened> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return readSegmentMcap(await decrypter.decrypt(sealed));
}

const compressedImage = new protobuf.Type("CompressedImage").add(new protobuf.Field("data", 2, "bytes"));

export function readSegmentMcap(plain: Uint8Array): Opened {
  const reader = new McapStreamReader({ validateCrcs: true });
  reader.append(plain);
  const topics = new Map<number, string>();
  const metadata = new Map<string, Record<string, string>>();
  const frames: { camera: string; seq: number; sha256: string }[] = [];
  const notes = new Map<string, Record<string, unknown>[]>();
  for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
    if (record.type === "Channel") topics.set(record.id, record.topic);
    if (record.type === "Metadata") metadata.set(record.name, Object.fromEntries(record.metadata));
    if (record.type !== "Message") continue;
    const topic = topics.get(record.channelId) ?? "";
    const camera = /^\/camera\/([^/]+)$/.exec(topic)?.[1];
    if (camera === undefined) {
      const note = JSON.parse(new TextDecoder().decode(record.data)) as Record<string, unknown>;
      notes.set(topic, [...(notes.get(topic) ?? []), note]);
    } else {
      const image = compressedImage.toObject(compressedImage.decode(record.data));
      frames.push({ camera, seq: record.sequence, sha256: sha256Of(image["data"] as Uint8Array) });
    }
  }
  if (!reader.done()) throw new Error("the MCAP file has no end");
  return { claims: metadata.get(CLAIMS) ?? {}, ending: metadata.get(ENDING) ?? {}, frames, notes };
}
