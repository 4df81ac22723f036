import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parsePublicKey } from "../../src/upload/keys.ts";
import { checkReceipt } from "../../src/upload/receipt.ts";
import { createDataCentre, sealSegment, TOKEN } from "./kit/data-centre.ts";
import type { DataCentre } from "./kit/data-centre.ts";
import { startIngest } from "./kit/processes.ts";

/** The receiver as any tus client meets it, by bare requests. */
const LIMITS = ["--max-bytes", "500000", "--max-uploads", "3"];
let centre: DataCentre;
let ingest: Awaited<ReturnType<typeof startIngest>>;
beforeAll(async () => {
  centre = await createDataCentre("cn");
  ingest = await startIngest([...centre.args, "--dir", centre.archive, ...LIMITS]);
});
afterAll(() => ingest.end("SIGKILL"));

type Headers = Readonly<Record<string, string>>;
const ACCESS: Headers = { authorization: `Bearer ${TOKEN}`, "tus-resumable": "1.0.0" };

function ask(method: string, path: string, headers: Headers = ACCESS, body?: Buffer) {
  const url = new URL(path, ingest.url);
  return fetch(url, {
    method,
    headers,
    redirect: "manual",
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
}

function metadata(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString("base64")}`)
    .join(",");
}

function create(fields: Record<string, string>, length: number) {
  return ask("POST", "/segments", {
    ...ACCESS,
    "upload-length": String(length),
    "upload-metadata": metadata(fields),
  });
}

function append(location: string, body: Buffer, offset = 0) {
  const headers = {
    ...ACCESS,
    "upload-offset": String(offset),
    "content-type": "application/offset+octet-stream",
  };
  return ask("PATCH", location, headers, body);
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function createFor(id: string, bytes: Buffer) {
  const created = await create({ segment: id, sha256: sha256(bytes), region: "cn" }, bytes.length);
  expect(created.status).toBe(201);
  return created.headers.get("location") ?? "";
}

test("what comes in by the book is held, and its receipt says so by the region's key", async () => {
  const bytes = await sealSegment({ id: "book", region: "cn", bytes: 10_000 }, centre.recipient);
  const location = await createFor("book", bytes);
  expect((await append(location, bytes.subarray(0, 4000))).status).toBe(204);
  expect((await ask("HEAD", location)).headers.get("upload-offset")).toBe("4000");
  expect((await append(location, bytes.subarray(5000), 5000)).status).toBe(409);
  expect((await append(location, bytes.subarray(4000), 4000)).status).toBe(204);
  const text = await (await ask("GET", "/receipts/book")).text();
  const key = parsePublicKey(centre.receiptKey);
  if (key === null) throw new Error("no key");
  const claim = { id: "book", sha256: sha256(bytes), bytes: bytes.length, region: "cn" };
  expect(checkReceipt(text, claim, key)).toMatchObject(claim);
  expect((await create({ segment: "book", sha256: sha256(bytes), region: "cn" }, bytes.length)).status).toBe(
    208,
  );
  expect((await create({ segment: "book", sha256: "0".repeat(64), region: "cn" }, 1)).status).toBe(409);
});

describe("nothing but health is to be had without a token", () => {
  test.each([
    ["POST", "/segments"],
    ["HEAD", "/segments/abc"],
    ["PATCH", "/segments/abc"],
    ["GET", "/receipts/book"],
    ["GET", "/"],
    ["OPTIONS", "/segments"],
  ])("%s %s", async (method, path) => {
    expect((await ask(method, path, { "tus-resumable": "1.0.0" })).status).toBe(401);
    expect((await ask(method, path, { ...ACCESS, authorization: `Basic ${TOKEN}` })).status).toBe(401);
    expect((await ask(method, path, { ...ACCESS, authorization: TOKEN })).status).toBe(401);
    expect((await ask(method, path, { ...ACCESS, authorization: "Bearer " })).status).toBe(401);
  });
  test("health", async () => expect((await ask("GET", "/health", {})).status).toBe(200));
});

test.each([
  ["GET", "/segments/ID"],
  ["DELETE", "/segments"],
  ["DELETE", "/receipts/ID"],
  ["DELETE", "/segments/..%2fsegments%2fbook.mcap.age"],
  ["PUT", "/segments/ID"],
  ["GET", "/segments"],
  ["GET", "/incoming/ID"],
  ["GET", "/segments/../archive"],
  ["GET", "/receipts/..%2f..%2ftokens"],
])("nobody reads or deletes a segment over the network: %s %s", async (method, path) => {
  const bytes = randomBytes(10);
  const location = await createFor(`kept-${method}-${createHash("md5").update(path).digest("hex")}`, bytes);
  const id = location.split("/").at(-1) ?? "";
  const answer = await ask(method, path.replace("ID", id));
  expect([404, 405]).toContain(answer.status);
  expect((await ask("HEAD", location)).status).toBe(200);
  // Ends it, so that it does not count as under way.
  expect((await append(location, bytes)).status).toBe(422);
});

test.each([
  ["no metadata", {}],
  ["no hash", { segment: "x", region: "cn" }],
  ["a hash that is none", { segment: "x", region: "cn", sha256: "abc" }],
  ["an id that is a path", { segment: "../x", region: "cn", sha256: "0".repeat(64) }],
  ["an empty id", { segment: "", region: "cn", sha256: "0".repeat(64) }],
  ["an id that is too long", { segment: "x".repeat(129), region: "cn", sha256: "0".repeat(64) }],
  ["more than is asked for", { segment: "x", region: "cn", sha256: "0".repeat(64), filename: "y" }],
])("an upload with %s is not created", async (_what, fields) => {
  expect((await create(fields, 10)).status).toBe(400);
});

test("an upload of another region, too large, empty or of unknown size is not created", async () => {
  const fields = { segment: "x", sha256: "0".repeat(64) };
  expect((await create({ ...fields, region: "eu" }, 10)).status).toBe(421);
  expect((await create({ ...fields, region: "cn" }, 500_001)).status).toBe(413);
  expect((await create({ ...fields, region: "cn" }, 0)).status).toBe(400);
  expect((await create({ ...fields, region: "cn" }, -1)).status).toBe(400);
  const headers = {
    ...ACCESS,
    "upload-defer-length": "1",
    "upload-metadata": metadata({ ...fields, region: "cn" }),
  };
  expect((await ask("POST", "/segments", headers)).status).toBe(400);
  expect(centre.incoming()).toEqual([]);
});

test("more bytes than were announced are not taken", async () => {
  const bytes = randomBytes(1000);
  const location = await createFor("more", bytes);
  expect((await append(location, Buffer.concat([bytes, bytes]))).status).toBe(413);
  expect((await append(location, bytes)).status).toBe(422);
});

test("of two contents under one id that come at once, the one that ends first is held", async () => {
  const [one, two] = await Promise.all(
    [1000, 2000].map((bytes) => sealSegment({ id: "race", region: "cn", bytes }, centre.recipient)),
  );
  if (one === undefined || two === undefined) throw new Error("not sealed");
  const [first, second] = [await createFor("race", one), await createFor("race", two)];
  expect((await append(first, one)).status).toBe(204);
  expect((await append(second, two)).status).toBe(409);
  expect(centre.held()).toMatchObject({ race: sha256(one) });
  expect(centre.incoming()).toEqual([]);
});

test("bytes that are not what the hash says are removed, and no receipt is given", async () => {
  const bytes = await sealSegment({ id: "wrong", region: "cn", bytes: 1000 }, centre.recipient);
  const location = await createFor("wrong", bytes);
  const changed = Buffer.from(bytes);
  changed[500] = (changed[500] ?? 0) ^ 1;
  expect((await append(location, changed)).status).toBe(460);
  expect((await ask("HEAD", location)).status).toBe(404);
  expect((await ask("GET", `/receipts/wrong?upload=${location.split("/").at(-1)}`)).status).toBe(404);
  expect(centre.held()).not.toHaveProperty("wrong");
});

test("more uploads at once than the limit are told to come later", async () => {
  const bytes = randomBytes(10);
  const locations = await Promise.all(["o1", "o2", "o3"].map((id) => createFor(id, bytes)));
  expect((await create({ segment: "o4", sha256: sha256(bytes), region: "cn" }, 10)).status).toBe(503);
  for (const location of locations) await append(location, bytes);
  const later = await create({ segment: "o4", sha256: sha256(bytes), region: "cn" }, 10);
  expect(later.status).toBe(201);
  await append(later.headers.get("location") ?? "", bytes);
});

describe("a receiver that died between the last byte and the receipt", () => {
  const UPLOAD = "0123456789abcdef0123456789abcdef";
  async function leftBehind(id: string, incoming: Buffer | null, bytes: Buffer) {
    const fields = { segment: id, sha256: sha256(bytes), region: "cn" };
    const note = {
      id: UPLOAD,
      size: bytes.length,
      offset: 0,
      metadata: fields,
      creation_date: new Date().toISOString(),
    };
    writeFileSync(join(centre.archive, "incoming", `${UPLOAD}.json`), JSON.stringify(note));
    writeFileSync(join(centre.archive, "incoming", UPLOAD), incoming ?? bytes);
    return ask("GET", `/receipts/${id}?upload=${UPLOAD}`);
  }
  test("makes up for it when asked for the receipt", async () => {
    const bytes = await sealSegment({ id: "left", region: "cn", bytes: 1000 }, centre.recipient);
    expect((await leftBehind("left", null, bytes)).status).toBe(200);
    expect(centre.held()).toMatchObject({ left: sha256(bytes) });
    expect(centre.incoming()).toEqual([]);
  });
  test("and after the segment had its name: completes it", async () => {
    const bytes = await sealSegment({ id: "named", region: "cn", bytes: 1000 }, centre.recipient);
    writeFileSync(join(centre.archive, "segments", "named.mcap.age"), bytes);
    expect((await leftBehind("named", null, bytes)).status).toBe(200);
    expect(centre.held()).toMatchObject({ named: sha256(bytes) });
  });
  test("does not let another content take that name", async () => {
    const bytes = await sealSegment({ id: "other", region: "cn", bytes: 1000 }, centre.recipient);
    writeFileSync(join(centre.archive, "segments", "other.mcap.age"), "something else");
    expect((await leftBehind("other", null, bytes)).status).toBe(409);
    expect(readFileSync(join(centre.archive, "segments", "other.mcap.age"), "utf8")).toBe("something else");
    expect(readdirSync(join(centre.archive, "segments"))).not.toContain("other.receipt.json");
  });
  test("checks what lies there as if it had just come", async () => {
    const bytes = await sealSegment({ id: "torn", region: "cn", bytes: 1000 }, centre.recipient);
    // What a power cut may leave: the length without the content.
    expect((await leftBehind("torn", Buffer.alloc(bytes.length), bytes)).status).toBe(460);
    expect((await leftBehind("torn", bytes.subarray(1), bytes)).status).toBe(404);
    expect(centre.held()).not.toHaveProperty("torn");
  });
  test("gives no receipt for one segment on the upload of another", async () => {
    const bytes = await sealSegment({ id: "mine", region: "cn", bytes: 1000 }, centre.recipient);
    await leftBehind("mine", bytes.subarray(1), bytes);
    writeFileSync(join(centre.archive, "incoming", UPLOAD), bytes);
    expect((await ask("GET", `/receipts/yours?upload=${UPLOAD}`)).status).toBe(404);
    expect((await ask("GET", `/receipts/yours?upload=../segments/book.mcap.age`)).status).toBe(404);
    expect((await ask("GET", `/receipts/mine?upload=${UPLOAD}`)).status).toBe(200);
  });
});

test("a vehicle takes back what it has not brought to its end, and nothing else", async () => {
  const bytes = await sealSegment({ id: "back", region: "cn", bytes: 1000 }, centre.recipient);
  const location = await createFor("back", bytes);
  await append(location, bytes.subarray(0, 500));
  expect((await ask("DELETE", location)).status).toBe(204);
  expect((await ask("HEAD", location)).status).toBe(404);
  expect(centre.incoming()).toEqual([]);
  const again = await createFor("back", bytes);
  expect((await append(again, bytes)).status).toBe(204);
  expect((await ask("DELETE", again)).status).toBe(204);
  expect(centre.held()).toMatchObject({ back: sha256(bytes) });
});

test("a fault of the receiver's disk is told as ours, without a name of a file", async () => {
  const bytes = await sealSegment({ id: "disk", region: "cn", bytes: 1000 }, centre.recipient);
  const location = await createFor("disk", bytes);
  mkdirSync(join(centre.archive, "segments", "disk.receipt.json"));
  const answer = await append(location, bytes);
  const body = await answer.text();
  expect(answer.status).toBe(500);
  expect(JSON.parse(body)).toEqual({ error: "fault", message: "our fault; come later" });
  expect(ingest.stderr()).toContain("EISDIR");
  rmSync(join(centre.archive, "segments", "disk.receipt.json"), { recursive: true });
  // Nothing was lost: the receipt is to be had when the disk works again.
  expect((await ask("GET", `/receipts/disk?upload=${location.split("/").at(-1)}`)).status).toBe(200);
});
