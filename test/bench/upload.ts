import { createHash, generateKeyPairSync } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { anyone } from "../../src/upload/ingest/access.ts";
import { createCentreKey, parseCentreKey } from "../../src/upload/ingest/centre-key.ts";
import { LIMITS } from "../../src/upload/ingest/creation.ts";
import { openFileDepot } from "../../src/upload/ingest/file-depot.ts";
import { sealedRegionBy } from "../../src/upload/ingest/finish.ts";
import { createReceiver } from "../../src/upload/ingest/receiver.ts";
import { formatPublicKey } from "../../src/upload/keys.ts";
import { sealSegment } from "../upload/kit/data-centre.ts";
import { createVehicle } from "../upload/kit/uploading.ts";
import { median } from "./rounds.ts";

const SEGMENTS = 4;
const SEGMENT_BYTES = 24_000_000;
const ROUNDS = 5;

/**
 * Segments from a vehicle's disk into a data centre's archive over the loopback, both in this process, against what no
 * delivery can do without: one HTTP request a file, hashed on both sides, synced.
 */
export async function benchUpload(print: (line: string) => void): Promise<void> {
  const centre = await createCentreKey("cn");
  const sealed = await sealSegment({ id: "s", region: "cn", bytes: SEGMENT_BYTES }, centre.recipient);
  const [ours, checked, bare]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await deliver(sealed, centre, false));
    checked.push(await deliver(sealed, centre, true));
    bare.push(await put(sealed));
  }
  const megabytes = (SEGMENTS * sealed.length) / 1e6;
  const rate = (seconds: readonly number[]): string => `${(megabytes / median(seconds)).toFixed(0)} MB/s`;
  const share = (seconds: readonly number[]): string => (median(bare) / median(seconds)).toFixed(2);
  print(`upload: ${SEGMENTS} segments of ${(sealed.length / 1e6).toFixed(0)} MB (${ROUNDS} rounds, medians)`);
  print(`  resumable, each for a signed receipt, then deleted: ${rate(ours)}, ${share(ours)} × bare`);
  print(`  the same, opened by the receiver for its region: ${rate(checked)}, ${share(checked)} × bare`);
  print(`  bare HTTP PUT, hashed on both sides, synced: ${rate(bare)}`);
}

type Centre = Awaited<ReturnType<typeof createCentreKey>>;

/** Seconds from the first request to the last deletion. */
async function deliver(sealed: Buffer, { text, recipient }: Centre, isOpened: boolean): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), "camfence-bench-"));
  const { privateKey } = generateKeyPairSync("ed25519");
  const receiver = createReceiver({
    region: "cn",
    receiptKey: privateKey,
    ...(isOpened && { sealedRegion: sealedRegionBy(parseCentreKey(text, "bench").identity) }),
    access: anyone,
    limits: { ...LIMITS, minFreeBytes: 0 },
    depot: await openFileDepot(dir),
    now: () => new Date().toISOString(),
    onFault: (message) => {
      throw new Error(message);
    },
  });
  const { port } = await receiver.listen("127.0.0.1", 0);
  const vehicle = createVehicle();
  // The id is within the seal, too: one segment at a time under it, in archives of their own.
  const endpoint = `http://127.0.0.1:${port}/`;
  const region = { id: "cn", endpoint, recipient, receiptKey: formatPublicKey(privateKey) };
  let seconds = 0;
  for (let i = 0; i < SEGMENTS; i++) {
    vehicle.put("s", sealed);
    const startMs = performance.now();
    await vehicle.upload([region], ({ kind }) => kind === "sent");
    seconds += (performance.now() - startMs) / 1000;
    rmSync(join(dir, "segments"), { recursive: true });
    mkdirSync(join(dir, "segments"));
  }
  await receiver.stop(0);
  for (const folder of [dir, vehicle.folder]) rmSync(folder, { recursive: true });
  return seconds;
}

async function put(sealed: Buffer): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), "camfence-bench-"));
  const [from, to] = [join(dir, "from"), join(dir, "to")];
  writeFileSync(from, sealed);
  const server = createServer((incoming, response) => {
    void (async () => {
      const hash = createHash("sha256");
      incoming.on("data", (piece: Buffer) => hash.update(piece));
      await pipeline(incoming, createWriteStream(to));
      const file = await open(to, "r");
      await file.sync();
      await file.close();
      response.end(hash.digest("hex"));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const startMs = performance.now();
  for (let i = 0; i < SEGMENTS; i++) await putOne(from, port);
  const seconds = (performance.now() - startMs) / 1000;
  server.close();
  server.closeAllConnections();
  rmSync(dir, { recursive: true });
  return seconds;
}

async function putOne(from: string, port: number): Promise<void> {
  const hash = createHash("sha256");
  const outgoing = request({ port, method: "PUT", host: "127.0.0.1" });
  const answered = new Promise<string>((resolve, reject) => {
    outgoing.on("error", reject).on("response", (response) => {
      let text = "";
      response.on("data", (piece: Buffer) => (text += piece.toString())).on("end", () => resolve(text));
    });
  });
  const source = createReadStream(from);
  source.on("data", (piece) => hash.update(piece));
  await pipeline(source, outgoing);
  if ((await answered) !== hash.digest("hex")) throw new Error("the bare peer lost bytes");
}
