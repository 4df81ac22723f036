import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { Upload } from "@tus/server";
import type { Archive } from "../../src/upload/ingest/archive.ts";
import { openFileDepot } from "../../src/upload/ingest/file-depot.ts";
import { openS3Depot } from "../../src/upload/ingest/s3-depot.ts";
import type { Staging } from "../../src/upload/ingest/staging.ts";
import { signReceipt } from "../../src/upload/receipt.ts";
import type { Receipt } from "../../src/upload/receipt.ts";
import { tempDir } from "../kit/cli.ts";
import { cuttingProxy } from "./kit/cutting-proxy.ts";
import { createDataCentre, sealSegment } from "./kit/data-centre.ts";
import { startIngest } from "./kit/processes.ts";
import { S3_KEYS, startS3 } from "./kit/s3.ts";
import { createVehicle, isSent, kindsOf } from "./kit/uploading.ts";

const s3 = await startS3();
afterAll(() => s3?.stop());
Object.assign(process.env, S3_KEYS);

const { privateKey } = generateKeyPairSync("ed25519");
function receiptFor(id: string, bytes: Buffer): Receipt {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return signReceipt(
    { id, sha256, bytes: bytes.length, region: "cn" },
    "2026-03-01T08:00:00.000Z",
    privateKey,
  );
}

let buckets = 0;
const newBucket = async (): Promise<string> =>
  (await s3?.bucket(`camfence-${process.pid}-${buckets++}`)) ?? "";

describe.each([
  ["a folder", true, () => openFileDepot(tempDir())],
  [
    "an S3 bucket",
    s3 !== null,
    async () => openS3Depot({ endpoint: s3?.endpoint ?? "", bucket: await newBucket() }),
  ],
] as const)("in %s", (_name, isThere, openDepot) => {
  type Depot = Staging & Archive;
  async function stage(depot: Depot, bytes: Buffer): Promise<string> {
    const id = randomBytes(16).toString("hex");
    await depot.tus.create(new Upload({ id, size: bytes.length, offset: 0, metadata: {} }));
    await depot.tus.write(Readable.from([bytes]), id, 0);
    return id;
  }
  const all = async (depot: Depot): Promise<Receipt[]> => {
    const receipts: Receipt[] = [];
    for await (const receipt of depot.receipts()) receipts.push(receipt);
    return receipts;
  };

  test.skipIf(!isThere)(
    "a checked upload is kept with its receipt, and dropping the upload leaves it",
    async () => {
      const depot = await openDepot();
      const bytes = randomBytes(100_000);
      const upload = await stage(depot, bytes);
      expect(Buffer.concat(await (await depot.read(upload)).toArray())).toEqual(bytes);
      const receipt = receiptFor("a", bytes);
      expect(await depot.receiptOf("a")).toBeNull();
      expect(await depot.keep(upload, receipt)).toBe("kept");
      await depot.drop(upload);
      await depot.drop(upload);
      expect(await depot.receiptOf("a")).toEqual(receipt);
      expect(await all(depot)).toEqual([receipt]);
      await expect(depot.read(upload).then((stream) => stream.toArray())).rejects.toThrow(
        /no such file|does not exist|NoSuchKey/i,
      );
      expect((await depot.room()).openUploads).toBe(0);
    },
  );

  test.skipIf(!isThere)(
    "the same content again is kept, another is not, and the first one stays",
    async () => {
      const depot = await openDepot();
      const [bytes, other] = [randomBytes(1000), randomBytes(1000)];
      const receipt = receiptFor("a", bytes);
      expect(await depot.keep(await stage(depot, bytes), receipt)).toBe("kept");
      expect(await depot.keep(await stage(depot, bytes), receipt)).toBe("kept");
      expect(await depot.keep(await stage(depot, other), receiptFor("a", other))).toBe("taken");
      expect(await depot.receiptOf("a")).toEqual(receipt);
    },
  );

  test.skipIf(!isThere)("of different contents at once under one id, one is kept at most", async () => {
    const depot = await openDepot();
    const contents = Array.from({ length: 4 }, () => randomBytes(1000));
    const uploads = await Promise.all(contents.map((bytes) => stage(depot, bytes)));
    const ends = await Promise.all(
      contents.map((bytes, i) => depot.keep(uploads[i] ?? "", receiptFor("a", bytes))),
    );
    expect(ends.filter((end) => end === "kept").length).toBeLessThanOrEqual(1);
    const kept = contents[ends.indexOf("kept")];
    expect(await depot.receiptOf("a")).toEqual(kept === undefined ? null : receiptFor("a", kept));
  });

  test.skipIf(!isThere)("an upload under way counts as open, and is dropped as well", async () => {
    const depot = await openDepot();
    const id = randomBytes(16).toString("hex");
    await depot.tus.create(new Upload({ id, size: 10_000_000, offset: 0, metadata: {} }));
    await depot.tus.write(Readable.from([randomBytes(6_000_000)]), id, 0);
    expect((await depot.room()).openUploads).toBe(1);
    expect((await depot.tus.getUpload(id)).offset).toBe(6_000_000);
    await depot.drop(id);
    expect((await depot.room()).openUploads).toBe(0);
    await expect(depot.tus.getUpload(id)).rejects.toMatchObject({ status_code: expect.any(Number) });
  });
});

test.skipIf(s3 === null)(
  "two receivers share a bucket: an upload begun at one goes on at the other, and nothing is left over",
  async () => {
    const bucket = await newBucket();
    const centre = await createDataCentre();
    const args = [...centre.args, "--s3", s3?.endpoint ?? "", "--bucket", bucket];
    const receivers = await Promise.all([1, 2].map(() => startIngest(args, S3_KEYS)));
    try {
      const [first, second] = receivers.map(({ url }) => url);
      const vehicle = createVehicle();
      const { sha256 } = vehicle.put(
        "s",
        await sealSegment({ id: "s", region: "cn", bytes: 12_000_000 }, centre.recipient),
      );
      const { balancer, cut, close } = await balancerOf([first ?? "", second ?? ""]);
      cut(5_000_000);
      const options = { chunkBytes: 2 * 1024 * 1024 };
      const outcomes = await vehicle.upload([centre.config(balancer)], isSent, options);
      close();
      const kinds = kindsOf(outcomes);
      expect(kinds[0]).toBe("s retry-later cut");
      expect(kinds.at(-1)).toBe("s sent");
      // What the first receiver was still writing when the second was asked.
      expect(kinds.slice(1, -1).every((kind) => kind === "s retry-later conflict")).toBe(true);
      expect(vehicle.ids()).toEqual([]);
      expect(await s3?.keys(bucket)).toEqual(["receipts/s.json", `segments/s/${sha256}.mcap.age`]);
      const again = createVehicle();
      again.put("s", await sealSegment({ id: "s", region: "cn", bytes: 5 }, centre.recipient));
      expect(kindsOf(await again.upload([centre.config(second ?? "")], () => true))).toEqual([
        "s refused taken",
      ]);
    } finally {
      for (const receiver of receivers) await receiver.end("SIGKILL");
    }
  },
);

/** Connections go to the receivers in turn; the first is cut after so many bytes. */
async function balancerOf(urls: readonly string[]) {
  let turn = 0;
  let cutAfter = Infinity;
  const nextCut = (): number => {
    const bytes = cutAfter;
    cutAfter = Infinity;
    return bytes;
  };
  const proxy = await cuttingProxy(() => Number(new URL(urls[turn++ % urls.length] ?? "").port), nextCut);
  return { balancer: proxy.url, cut: (bytes: number) => (cutAfter = bytes), close: () => proxy.close() };
}
