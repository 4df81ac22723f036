import { expect, test } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { createDataCentre } from "./kit/data-centre.ts";
import {
  ingestOf,
  MIB,
  proxyTo,
  sealed,
  sent,
  sleep,
  SLOW,
  untilIncoming,
  uploaderOf,
} from "./kit/faults.ts";
import { createVehicle, isSent, kindsOf } from "./kit/uploading.ts";

test("a receiver killed in the middle of an upload and started again costs nothing of what it had", async () => {
  const centre = await createDataCentre();
  let ingest = await ingestOf(centre);
  const proxy = await proxyTo(() => ingest.port);
  const vehicle = createVehicle();
  const { sha256, bytes } = vehicle.put("s", await sealed(centre, "s", 4 * MIB));
  const uploader = await uploaderOf(vehicle.folder, [centre.config(proxy.url)], {
    maxBytesPerSecond: 6 * MIB,
  });
  const upload = await untilIncoming(centre, 2 * MIB);
  await ingest.end("SIGKILL");
  expect(vehicle.ids()).toEqual(["s"]);
  ingest = await ingestOf(centre);
  await untilIncoming(centre, 2 * MIB + 1);
  expect(centre.incoming()).toContain(upload);
  await uploader.line(sent);
  expect(centre.held()).toEqual({ s: sha256 });
  // What was in the sockets at the cut goes again; what was on disk does not.
  expect(proxy.bytes()).toBeLessThan(bytes + 1.5 * MIB);
  expect(vehicle.ids()).toEqual([]);
});

test("an uploader killed in the middle of an upload and started again goes on where it was", async () => {
  const centre = await createDataCentre();
  const ingest = await ingestOf(centre);
  const proxy = await proxyTo(() => ingest.port);
  const vehicle = createVehicle();
  const { sha256, bytes } = vehicle.put("s", await sealed(centre, "s", 4 * MIB));
  const regions = [centre.config(proxy.url)];
  const first = await uploaderOf(vehicle.folder, regions, { maxBytesPerSecond: 6 * MIB });
  const upload = await untilIncoming(centre, 2 * MIB);
  await first.end("SIGKILL");
  expect(vehicle.ids()).toEqual(["s"]);
  const second = await uploaderOf(vehicle.folder, regions, { maxBytesPerSecond: 6 * MIB });
  await untilIncoming(centre, 2 * MIB + 1);
  expect(centre.incoming()).toContain(upload);
  await second.line(sent);
  expect(centre.held()).toEqual({ s: sha256 });
  expect(proxy.bytes()).toBeLessThan(bytes + 1.5 * MIB);
});

const KILLS_LIMIT_MS = SLOW ? 3_600_000 : 120_000;
test(
  "uploaders and receivers killed at random instants lose no segment and double none",
  { timeout: KILLS_LIMIT_MS },
  async () => {
    const rounds = SLOW ? 200 : 5;
    const random = seededRandom(4);
    const centre = await createDataCentre();
    let ingest = await ingestOf(centre);
    const proxy = await proxyTo(() => ingest.port);
    const vehicle = createVehicle();
    const hashes: Record<string, string> = {};
    for (let i = 0; i < (SLOW ? 60 : 12); i++) {
      const id = `s${String(i).padStart(3, "0")}`;
      hashes[id] = vehicle.put(id, await sealed(centre, id, 200_000)).sha256;
    }
    const regions = [centre.config(proxy.url)];
    for (let round = 0; round < rounds; round++) {
      const uploader = await uploaderOf(vehicle.folder, regions, { maxBytesPerSecond: 2 * MIB });
      await uploader.line((line) => "lock" in line);
      await sleep(random() * 300);
      if (random() < 0.4) {
        await ingest.end("SIGKILL");
        ingest = await ingestOf(centre);
      }
      await uploader.end("SIGKILL");
      // At every instant: in the vehicle, or held by its right hash.
      const held = centre.held();
      for (const [id, sha256] of Object.entries(hashes))
        expect(vehicle.ids().includes(id) || held[id] === sha256, `${id} in round ${round}`).toBe(true);
    }
    const last = await uploaderOf(vehicle.folder, regions);
    while (vehicle.ids().length > 0) await sleep(20);
    await last.end("SIGKILL");
    // What may lie in `incoming`: uploads whose vehicle died before it knew where they are. They expire.
    expect(centre.held()).toEqual(hashes);
  },
);

test("a connection cut at random bytes, again and again, ends in one whole segment", async () => {
  const cuts = SLOW ? 200 : 25;
  const random = seededRandom(11);
  const centre = await createDataCentre();
  const ingest = await ingestOf(centre);
  let left = cuts;
  const nextCut = (): number => (left-- > 0 ? 1 + Math.floor(random() ** 3 * 300_000) : Infinity);
  const proxy = await proxyTo(() => ingest.port, nextCut);
  const vehicle = createVehicle();
  const { sha256 } = vehicle.put("s", await sealed(centre, "s", 3 * MIB));
  const outcomes = await vehicle.upload([centre.config(proxy.url)], isSent, {
    backOff: { firstMs: 1, capMs: 10 },
  });
  expect(proxy.cuts()).toBeGreaterThan(5);
  expect(new Set(kindsOf(outcomes).slice(0, -1))).toEqual(new Set(["s retry-later cut"]));
  expect(centre.held()).toEqual({ s: sha256 });
});

test("an answer that is cut off after the last byte costs no second upload", async () => {
  const centre = await createDataCentre();
  const ingest = await ingestOf(centre);
  const vehicle = createVehicle();
  const bytes = await sealed(centre, "s", 100_000);
  const { sha256 } = vehicle.put("s", bytes);
  // Each connection dies with the last byte of the segment, before the answer to it.
  let isFirst = true;
  const nextCut = (): number => {
    const cut = isFirst ? 900 + bytes.length : Infinity;
    isFirst = false;
    return cut;
  };
  const proxy = await proxyTo(() => ingest.port, nextCut);
  const outcomes = await vehicle.upload([centre.config(proxy.url)], isSent);
  expect(kindsOf(outcomes).at(-1)).toBe("s sent");
  expect(proxy.bytes()).toBeLessThan(1.2 * bytes.length);
  expect(centre.held()).toEqual({ s: sha256 });
});

test("a store has one uploader, and the next one when that is killed", async () => {
  const centre = await createDataCentre();
  const vehicle = createVehicle();
  const regions = [centre.config("http://127.0.0.1:1/")];
  const first = await uploaderOf(vehicle.folder, regions);
  expect(await first.line((line) => "lock" in line)).toEqual({ lock: "sole" });
  const second = await uploaderOf(vehicle.folder, regions);
  expect(await second.line((line) => "lock" in line)).toEqual({ lock: "another" });
  await first.end("SIGKILL");
  const third = await uploaderOf(vehicle.folder, regions);
  expect(await third.line((line) => "lock" in line)).toEqual({ lock: "sole" });
});
