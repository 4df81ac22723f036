import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { McapStreamReader, McapWriter, TempBuffer } from "@mcap/core";
import { Decrypter, Encrypter } from "age-encryption";
import { CLAIMS, claimsRecord, ENDING, endingRecord } from "../../../src/buffer/segment-claims.ts";
import { createCentreKey } from "../../../src/upload/ingest/centre-key.ts";
import { formatPublicKey } from "../../../src/upload/keys.ts";
import { parseReceipt } from "../../../src/upload/receipt.ts";
import { tempDir } from "../../kit/cli.ts";

export const TOKEN = "token-of-vehicle-1";

/** A region's data centre on disk: its keys, its tokens, an empty archive. */
export interface DataCentre {
  readonly region: string;
  readonly dir: string;
  readonly archive: string;
  readonly recipient: string;
  readonly receiptKey: string;
  /** Options of `camfence ingest` but for the depot. */
  readonly args: readonly string[];
  /** The region as a vehicle's configuration has it. */
  config(endpoint: string, rest?: Record<string, unknown>): Record<string, unknown>;
  /** Ids of held segments with the SHA-256 of their files. */
  held(): Record<string, string>;
  /** What a started upload has left there. */
  incoming(): readonly string[];
}

export async function createDataCentre(region = "cn"): Promise<DataCentre> {
  const dir = tempDir();
  const centre = await createCentreKey(region);
  const { privateKey } = generateKeyPairSync("ed25519");
  const file = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const keyFile = file("age-key", centre.text);
  const receiptFile = file("receipt-key", privateKey.export({ format: "pem", type: "pkcs8" }).toString());
  const tokens = file("tokens", `# vehicles\n\n${TOKEN}\nanother-token-of-ours\n`);
  const archive = join(dir, "archive");
  mkdirSync(archive);
  const { recipient } = centre;
  const receiptKey = formatPublicKey(privateKey);
  return {
    region,
    dir,
    archive,
    recipient,
    receiptKey,
    args: [
      "--receipt-key",
      receiptFile,
      "--key",
      keyFile,
      "--tokens",
      tokens,
      "--listen",
      "127.0.0.1:0",
      "--min-free",
      "0",
    ],
    config: (endpoint, rest = {}) => ({ id: region, endpoint, recipient, receiptKey, token: TOKEN, ...rest }),
    held: () => heldIn(join(archive, "segments")),
    incoming: () => readdirSync(join(archive, "incoming")),
  };
}

/** What the held segments say, opened by the age library and MCAP's own reader. */
export async function openedBy({ dir, archive }: DataCentre) {
  const identity = /AGE-SECRET-KEY-1\S+/.exec(readFileSync(join(dir, "age-key"), "utf8"))?.[0] ?? "";
  const folder = join(archive, "segments");
  const names = readdirSync(folder).filter((name) => name.endsWith(".mcap.age"));
  return Promise.all(
    names.toSorted().map(async (name) => {
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      return messagesOf(await decrypter.decrypt(readFileSync(join(folder, name))));
    }),
  );
}

function messagesOf(plain: Uint8Array) {
  const reader = new McapStreamReader({ validateCrcs: true });
  reader.append(plain);
  const channels = new Map<number, string>();
  const topics: string[] = [];
  const fixes: { latitude: number; longitude: number }[] = [];
  for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
    if (record.type === "Channel") channels.set(record.id, record.topic);
    if (record.type !== "Message") continue;
    const topic = channels.get(record.channelId) ?? "";
    topics.push(topic);
    if (topic === "/location")
      fixes.push(JSON.parse(Buffer.from(record.data).toString()) as (typeof fixes)[number]);
  }
  return { topics, fixes, plain };
}

function heldIn(folder: string): Record<string, string> {
  const receipts = readdirSync(folder).filter((name) => name.endsWith(".receipt.json"));
  return Object.fromEntries(
    receipts.map((name) => {
      const receipt = parseReceipt(readFileSync(join(folder, name), "utf8"));
      const id = name.slice(0, -".receipt.json".length);
      return [id, receipt === null ? "broken" : sha256File(join(folder, `${id}.mcap.age`))];
    }),
  );
}

/** By another program than the one under test. */
function sha256File(path: string): string {
  return execFileSync("sha256sum", [path], { encoding: "utf8" }).slice(0, 64);
}

/** A sealed segment as the buffer makes one: MCAP with the record that states id and region, in an age file. */
export async function sealSegment(
  { id, region, bytes }: { readonly id: string; readonly region: string | null; readonly bytes: number },
  recipient: string,
): Promise<Buffer> {
  const buffer = new TempBuffer();
  const writer = new McapWriter({ writable: buffer });
  await writer.start({ profile: "", library: "test" });
  const head = { id, region, vehicle: "v1", zoneSetHash: "0" };
  await writer.addMetadata({ name: CLAIMS, metadata: claimsRecord(head) });
  const channelId = await writer.registerChannel({
    schemaId: 0,
    topic: "/x",
    messageEncoding: "raw",
    metadata: new Map(),
  });
  for (let left = bytes, sequence = 0; left > 0; left -= 65_536, sequence++) {
    const data = Buffer.alloc(Math.min(left, 65_536), sequence + id.length);
    await writer.addMessage({ channelId, sequence, logTime: BigInt(sequence), publishTime: 0n, data });
  }
  const ending = { firstMs: 0, lastMs: 1, frames: 1, ending: "whole" } as const;
  await writer.addMetadata({ name: ENDING, metadata: endingRecord(ending) });
  await writer.end();
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return Buffer.from(await encrypter.encrypt(buffer.get()));
}
