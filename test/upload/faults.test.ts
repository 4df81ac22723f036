import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { BehaviorSubject } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import { createDataCentre, TOKEN } from "./kit/data-centre.ts";
import { atEnd, ingestOf, MIB, proxyTo, sealed, sleep, SLOW, untilIncoming } from "./kit/faults.ts";
import { startIngest } from "./kit/processes.ts";
import { createVehicle, isSent, kindsOf } from "./kit/uploading.ts";

test("two uploaders with the same segment at once leave one, and both may let theirs go", async () => {
  const centre = await createDataCentre();
  const ingest = await ingestOf(centre);
  const bytes = await sealed(centre, "s", MIB);
  const vehicles = Array.from({ length: 4 }, () => createVehicle());
  const hashes = vehicles.map((vehicle) => vehicle.put("s", bytes).sha256);
  const all = await Promise.all(
    vehicles.map((vehicle) => vehicle.upload([centre.config(ingest.url)], isSent)),
  );
  for (const outcomes of all) expect(kindsOf(outcomes)).toEqual(["s sent"]);
  expect(centre.held()).toEqual({ s: hashes[0] });
  expect(centre.incoming()).toEqual([]);
});

test("a segment that is held already goes by its receipt, without a byte of it", async () => {
  const centre = await createDataCentre();
  const ingest = await ingestOf(centre);
  const bytes = await sealed(centre, "s", MIB);
  const [first, second] = [createVehicle(), createVehicle()];
  first.put("s", bytes);
  await first.upload([centre.config(ingest.url)], isSent);
  second.put("s", bytes);
  const proxy = await proxyTo(() => ingest.port);
  expect(kindsOf(await second.upload([centre.config(proxy.url)], isSent))).toEqual(["s sent"]);
  expect(proxy.bytes()).toBeLessThan(4000);
});

test("another content under an id that is held is refused, and both stay where they are", async () => {
  const centre = await createDataCentre();
  const ingest = await ingestOf(centre);
  const [first, second] = [createVehicle(), createVehicle()];
  const { sha256 } = first.put("s", await sealed(centre, "s", 1000));
  second.put("s", await sealed(centre, "s", 2000));
  await first.upload([centre.config(ingest.url)], isSent);
  expect(kindsOf(await second.upload([centre.config(ingest.url)], () => true))).toEqual(["s refused taken"]);
  expect(second.ids()).toEqual(["s"]);
  expect(centre.held()).toEqual({ s: sha256 });
});

test("a segment that rotted on disk is refused for its hash, stays, and does not hold up the others", async () => {
  const centre = await createDataCentre();
  const ingest = await ingestOf(centre);
  const vehicle = createVehicle();
  vehicle.put("a", await sealed(centre, "a", 100_000));
  const path = join(vehicle.folder, "a.age");
  const rotten = readFileSync(path);
  rotten[50_000] = (rotten[50_000] ?? 0) ^ 1;
  writeFileSync(path, rotten);
  const { sha256 } = vehicle.put("b", await sealed(centre, "b", 1000));
  const outcomes = await vehicle.upload([centre.config(ingest.url)], isSent);
  expect(kindsOf(outcomes)).toEqual(["a wrong-hash", "b sent"]);
  expect(vehicle.ids()).toEqual(["a"]);
  expect(centre.held()).toEqual({ b: sha256 });
  expect(centre.incoming()).toEqual([]);
});

test("without a token that the receiver knows nothing is taken", async () => {
  const centre = await createDataCentre();
  const ingest = await ingestOf(centre);
  const vehicle = createVehicle();
  vehicle.put("s", await sealed(centre, "s", 1000));
  for (const token of ["token-of-another-fleet", undefined, `${TOKEN}x`, TOKEN.slice(0, -1), "#"]) {
    const outcomes = await vehicle.upload([centre.config(ingest.url, { token })], () => true);
    expect(kindsOf(outcomes)).toEqual(["s refused no-access"]);
  }
  expect(vehicle.ids()).toEqual(["s"]);
  expect(centre.incoming()).toEqual([]);
});

test("a full receiver is waited for, and takes the segment when it has room again", async () => {
  const centre = await createDataCentre();
  const full = await ingestOf(centre, ["--min-free", String(2 ** 52)]);
  let port = full.port;
  const proxy = await proxyTo(() => port);
  const vehicle = createVehicle();
  vehicle.put("s", await sealed(centre, "s", 1000));
  const first = await vehicle.upload([centre.config(proxy.url)], () => true);
  expect(kindsOf(first)).toEqual(["s retry-later receiver-full"]);
  expect(vehicle.ids()).toEqual(["s"]);
  ({ port } = await ingestOf(centre));
  expect(kindsOf(await vehicle.upload([centre.config(proxy.url)], isSent)).at(-1)).toBe("s sent");
});

const tmpfs = mountTmpfs();
test.skipIf(tmpfs === null)(
  "a receiver whose disk runs full in the middle of an upload keeps what it holds",
  async () => {
    const centre = await createDataCentre();
    const archive = join(tmpfs ?? "", "archive");
    mkdirSync(archive);
    const ingest = await startIngest([...centre.args, "--dir", archive]);
    atEnd(() => ingest.end("SIGKILL"));
    const vehicle = createVehicle();
    vehicle.put("a", await sealed(centre, "a", 1000));
    const config = [centre.config(ingest.url)];
    await vehicle.upload(config, isSent);
    // Two that fit one by one: the second runs out of space on its way, as the first takes it meanwhile.
    vehicle.put("b", await sealed(centre, "b", 5 * MIB));
    const ballast = join(tmpfs ?? "", "ballast");
    const uploading = vehicle.upload(config, ({ kind }) => kind === "retry-later", {
      maxBytesPerSecond: 6 * MIB,
    });
    await sleep(300);
    spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=64k"]); // ends when the disk is full
    expect(kindsOf(await uploading)).toEqual(["b retry-later receiver-fault"]);
    expect(vehicle.ids()).toEqual(["b"]);
    execFileSync("rm", [ballast]);
    expect(kindsOf(await vehicle.upload(config, isSent)).at(-1)).toBe("b sent");
  },
);

function mountTmpfs(): string | null {
  const { folder } = createVehicle();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], { stdio: "pipe" });
    afterAll(() => void execFileSync("umount", ["-l", folder]));
    return folder;
  } catch {
    process.stderr.write(
      "tests: no tmpfs can be mounted here, the test of a receiver's full disk is skipped\n",
    );
    return null;
  }
}

test("a link that closes stops an upload at once; when it opens it goes on where it was", async () => {
  const centre = await createDataCentre();
  const ingest = await ingestOf(centre);
  const proxy = await proxyTo(() => ingest.port);
  const vehicle = createVehicle();
  const { bytes } = vehicle.put("s", await sealed(centre, "s", 3 * MIB));
  const allowed = new BehaviorSubject(true);
  const uploading = vehicle.upload([centre.config(proxy.url)], isSent, {
    allowed,
    maxBytesPerSecond: 6 * MIB,
  });
  const upload = await untilIncoming(centre, MIB);
  allowed.next(false);
  await sleep(100);
  const stoppedAt = proxy.bytes();
  await sleep(200);
  expect(proxy.bytes()).toBe(stoppedAt);
  expect(vehicle.ids()).toEqual(["s"]);
  expect(centre.incoming()).toContain(upload);
  allowed.next(true);
  expect(kindsOf(await uploading)).toEqual(["s sent"]);
  expect(proxy.bytes()).toBeLessThan(bytes + 1.5 * MIB);
});

test("a segment destroyed in the middle of its upload stops at once, and what came of it is removed there", async () => {
  const centre = await createDataCentre();
  const ingest = await ingestOf(centre);
  const vehicle = createVehicle();
  vehicle.put("s", await sealed(centre, "s", 3 * MIB));
  const options = { maxBytesPerSecond: 3 * MIB, chunkBytes: 256 * 1024 };
  const uploading = vehicle.upload([centre.config(ingest.url)], () => true, options);
  await untilIncoming(centre, MIB);
  await vehicle.store.destroy("s", "restricted");
  expect(kindsOf(await uploading)).toEqual(["s gone"]);
  // The uploader was stopped with that outcome: its next start makes up for the removal.
  vehicle.put("stray", Buffer.from("x"), { region: null });
  const next = vehicle.upload([centre.config(ingest.url)], ({ kind }) => kind === "sent");
  vehicle.put("t", await sealed(centre, "t", 1000));
  expect(kindsOf(await next)).toContain("t sent");
  expect(centre.incoming()).toEqual([]);
  expect(Object.keys(centre.held())).toEqual(["t"]);
});

test("a segment that is to be judged again in the middle of its upload waits for that, and then goes on", async () => {
  const centre = await createDataCentre();
  const ingest = await ingestOf(centre);
  const proxy = await proxyTo(() => ingest.port);
  const vehicle = createVehicle();
  const bytes = await sealed(centre, "s", 4 * MIB);
  vehicle.put("s", bytes);
  const uploading = vehicle.upload([centre.config(proxy.url)], isSent, { maxBytesPerSecond: 2 * MIB });
  const upload = await untilIncoming(centre, MIB);
  vehicle.put("s", bytes, { state: "unchecked" });
  await sleep(900); // what a MiB takes, and more
  const stoppedAt = proxy.bytes();
  await sleep(200);
  expect(proxy.bytes()).toBe(stoppedAt);
  expect(centre.incoming()).toContain(upload);
  vehicle.put("s", bytes);
  expect(kindsOf(await uploading)).toEqual(["s paused", "s sent"]);
  expect(proxy.bytes()).toBeLessThan(bytes.length + 1.5 * MIB);
});

describe("a receiver told to stop", () => {
  test("lets the request under way end, and takes no new one", async () => {
    const centre = await createDataCentre();
    const ingest = await ingestOf(centre);
    const vehicle = createVehicle();
    const { sha256 } = vehicle.put("s", await sealed(centre, "s", MIB));
    const uploading = vehicle.upload([centre.config(ingest.url)], () => true, { maxBytesPerSecond: MIB });
    await untilIncoming(centre, 200_000);
    const code = ingest.end("SIGTERM");
    await uploading;
    expect(await code).toBe(0);
    // The last PATCH ended in a taking over, whatever became of the question for the receipt.
    expect(centre.held()).toEqual({ s: sha256 });
  });
});

describe("a client that dawdles", () => {
  const HEAD = `HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nTus-Resumable: 1.0.0\r\n`;
  test.each([
    ["its headers", `POST /segments ${HEAD}`],
    [
      "its body",
      `POST /segments ${HEAD}Content-Type: application/offset+octet-stream\r\nContent-Length: 1000\r\n\r\n`,
    ],
  ])("over %s is cut off, and others are served meanwhile", async (_what, beginning) => {
    const centre = await createDataCentre();
    const ingest = await ingestOf(centre, ["--request-seconds", "2"]);
    const closed = Promise.all(Array.from({ length: 50 }, () => drip(ingest.port, beginning)));
    const vehicle = createVehicle();
    vehicle.put("s", await sealed(centre, "s", 100_000));
    expect(kindsOf(await vehicle.upload([centre.config(ingest.url)], isSent))).toEqual(["s sent"]);
    for (const ms of await closed) expect(ms).toBeLessThan(6000);
  });
});

test.runIf(SLOW)("headers have a time of their own, however long a request may take", async () => {
  const centre = await createDataCentre();
  const ingest = await ingestOf(centre, ["--request-seconds", "300"]);
  expect(await drip(ingest.port, "POST /segments HTTP/1.1\r\nHost: x\r\nX-Slow: ")).toBeLessThan(15_000);
});

/** Sends a beginning and then a byte now and then; resolves with how long the other side stood it. */
function drip(port: number, beginning: string): Promise<number> {
  const startMs = Date.now();
  const socket = connect(port, "127.0.0.1", () => socket.write(beginning));
  const dripping = setInterval(() => socket.write("x"), 200);
  return new Promise((resolve) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", () => {});
    socket.on("close", () => {
      clearInterval(dripping);
      resolve(Date.now() - startMs);
    });
  });
}
