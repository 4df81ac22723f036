import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CIRCULAR_95_PER_SIGMA } from "../../../src/sources/accuracy.ts";
import { KuksaOptions, kuksaReceiver } from "../../../src/sources/live/kuksa-receiver.ts";
import type { WheelSpeed } from "../../../src/sources/live/wheel-speed.ts";
import { tempDir } from "../../kit/cli.ts";
import type { Databroker, Leaf } from "./databroker.ts";
import { databroker } from "./databroker.ts";
import { freePort } from "../../kit/free-port.ts";
import { listen, sleep } from "./kit.ts";

let broker: Databroker;
const cleanUp: (() => unknown)[] = [];

beforeEach(async () => {
  broker = await databroker();
});

afterEach(() => {
  for (const clean of cleanUp.splice(0)) clean();
  broker.close();
});

function follow(changes: object = {}) {
  const options = KuksaOptions.parse({ port: broker.port, maxBackOffMs: 50, maxLagMs: 60_000, ...changes });
  const receiver = kuksaReceiver(options);
  const wheels: WheelSpeed[] = [];
  const hearing = receiver.wheelSpeeds.subscribe((speed) => wheels.push(speed));
  cleanUp.push(() => hearing.unsubscribe());
  const listening = listen(receiver);
  cleanUp.push(() => listening.stop());
  return { ...listening, receiver, wheels };
}

const iso = (timeMs: number): string => new Date(timeMs).toISOString();

/** One update, stamped 120 ms after the receiver's own time, leaf by leaf a microsecond apart. */
const at = (
  timeMs: number,
  changes: Readonly<Record<string, Leaf>> = {},
): Readonly<Record<string, Leaf>> => ({
  Latitude: [48.1173, 120],
  Longitude: [11.522, 120.001],
  Timestamp: [iso(timeMs), 120.002],
  Heading: [84.5, 120.003],
  HorizontalAccuracy: [3, 120.004],
  ...changes,
});

async function subscribed(client: ReturnType<typeof follow>): Promise<void> {
  await client.until("a subscription", () => broker.subscribers.size > 0);
  // What it remembers: nothing.
  broker.tell(Date.now(), {});
}

/** Tells the two fixes that make the receiver's time trusted; what comes next is the third. */
async function trusted(client: ReturnType<typeof follow>): Promise<number> {
  await subscribed(client);
  const nowMs = Date.now();
  for (const agoMs of [2000, 1000]) broker.tell(nowMs - agoMs, at(nowMs - agoMs));
  return nowMs;
}

/** What becomes of the update after the trusted two; null when it is none, as is expected, within 100 ms. */
async function third(
  update: (nowMs: number) => Readonly<Record<string, Leaf>>,
  { isFix = true, ...changes }: { readonly isFix?: boolean; readonly time?: "stamp" } = {},
) {
  const client = follow(changes);
  const nowMs = await trusted(client);
  broker.tell(nowMs, update(nowMs));
  if (isFix) await client.until("a fix", () => client.fixes().length === 1);
  else await sleep(100);
  return { fix: client.fixes()[0] ?? null, nowMs, client };
}

test("a fix is one update: the receiver's own time, place, and error as one sigma", async () => {
  const { fix, nowMs } = await third((timeMs) => at(timeMs));
  expect(fix).toEqual({
    timeMs: nowMs,
    latDeg: 48.1173,
    lonDeg: 11.522,
    accuracyM: 3 * CIRCULAR_95_PER_SIGMA,
    speedMps: null,
    courseDeg: null,
    quality: "autonomous",
  });
});

describe("latitude and longitude", () => {
  test.each<[string, Readonly<Record<string, Leaf>>, boolean]>([
    ["stamped 5 ms apart in one message are one update", { Longitude: [11.522, 125] }, true],
    ["stamped 6 ms apart in one message are two", { Longitude: [11.522, 126] }, false],
    ["stamped 6 ms apart the other way round are two", { Longitude: [11.522, 114] }, false],
    ["of which one has no value are none", { Longitude: [null, 120] }, false],
    ["beyond the poles are no fix", { Latitude: [90.1, 120] }, false],
    ["that are no numbers are no fix", { Latitude: ["48.1", 120] }, false],
    ["that are not a number are no fix", { Latitude: [Number.NaN, 120] }, false],
  ])("%s", async (_, changes, isFix) => {
    expect((await third((timeMs) => at(timeMs, changes), { isFix })).fix !== null).toBe(isFix);
  });

  test("of different messages are never paired, however near in time", async () => {
    const client = follow();
    await subscribed(client);
    for (let i = 0; i < 50; i += 1) {
      const nowMs = Date.now();
      broker.tell(nowMs, { Latitude: [48 + i / 100, 0], Timestamp: [iso(nowMs), 0] });
      broker.tell(nowMs, { Longitude: [11 + i / 100, 0.000_001] });
    }
    await client.until("them", () => (client.receiver.status().skipped[0]?.count ?? 0) >= 100);
    expect(client.reports).toEqual([]);
    expect(client.receiver.status().skipped.map(({ reason }) => reason)).toEqual(["unpaired"]);
  });

  test("of different messages are paired when their stamps are equal to the nanosecond", async () => {
    const client = follow();
    const nowMs = await trusted(client);
    broker.tell(nowMs, { Timestamp: [iso(nowMs), 0] });
    broker.tell(nowMs, { Longitude: [11.6, 0] });
    broker.tell(nowMs, { Latitude: [48.2, 0] });
    await client.until("a fix", () => client.fixes().length === 1);
    expect(client.fixes()[0]).toMatchObject({ timeMs: nowMs, latDeg: 48.2, lonDeg: 11.6 });
  });

  test("that the databroker remembers may be of two updates, and are not paired", async () => {
    const client = follow();
    await client.until("a subscription", () => broker.subscribers.size > 0);
    const nowMs = Date.now();
    for (const agoMs of [3000, 2000, 1000]) broker.tell(nowMs - agoMs, at(nowMs - agoMs));
    await sleep(100);
    // Three messages, of which the first does not count.
    expect(client.fixes()).toEqual([]);
  });

  test("with every second half lost are never those of two updates", async () => {
    const client = follow();
    await subscribed(client);
    for (let i = 0; i < 200; i += 1) {
      const nowMs = Date.now() + i;
      const place: Leaf = [10 + i / 100, 120];
      const { Latitude: _lat, Longitude: _lon, ...rest } = at(nowMs);
      const latitude = i % 3 === 0 ? {} : { Latitude: place };
      broker.tell(nowMs, { ...rest, ...latitude, ...(i % 5 === 0 ? {} : { Longitude: place }) });
    }
    await client.until("fixes", () => client.fixes().length > 50);
    await sleep(50);
    expect(client.fixes().filter(({ latDeg, lonDeg }) => latDeg !== lonDeg)).toEqual([]);
  });
});

describe("the other leaves", () => {
  test.each<[string, Readonly<Record<string, Leaf>>, object | null]>([
    ["no time, no fix", { Timestamp: [null, 120] }, null],
    ["a time that is none, no fix", { Timestamp: ["yesterday", 120] }, null],
    ["a time of another update, no fix", { Timestamp: [iso(0), 60] }, null],
    ["an accuracy of another update is unknown", { HorizontalAccuracy: [3, 60] }, { accuracyM: null }],
    ["an accuracy of 0 is unknown", { HorizontalAccuracy: [0, 120] }, { accuracyM: null }],
    ["fix type NONE is no fix", { "GNSSReceiver.FixType": ["NONE", 120] }, null],
    ["a fix type of later versions is no fix", { "GNSSReceiver.FixType": ["FOUR_D", 120] }, null],
    [
      "an augmented fix",
      { "GNSSReceiver.FixType": ["THREE_D_SATELLITE_BASED_AUGMENTATION", 120] },
      { quality: "differential" },
    ],
    ["36 km/h are 10 m/s", { Speed: [36, 120] }, { speedMps: 10 }],
    ["reversing is moving", { Speed: [-18, 120] }, { speedMps: 5, courseDeg: null }],
    ["a speed of 50 ms before counts", { Speed: [36, 70] }, { speedMps: 10 }],
    ["a speed of 51 ms before does not", { Speed: [36, 69] }, { speedMps: null, courseDeg: null }],
    ["faster than any reverse gear, the heading is the course", { Speed: [36, 120] }, { courseDeg: 84.5 }],
    ["slower, it may be reversing", { Speed: [28.8, 120] }, { courseDeg: null }],
    [
      "a heading of another update is unknown",
      { Speed: [36, 120], Heading: [84.5, 60] },
      { courseDeg: null },
    ],
  ])("%s", async (_, changes, expected) => {
    const { fix } = await third((timeMs) => at(timeMs, changes), { isFix: expected !== null });
    if (expected === null) expect(fix).toBeNull();
    else expect(fix).toMatchObject(expected);
  });

  test("are asked for only where the databroker knows them", async () => {
    broker.close();
    broker = await databroker(0, ["Latitude", "Longitude", "Timestamp"]);
    const client = follow();
    await client.until("a subscription", () => broker.subscribers.size > 0);
    const names = [
      "CurrentLocation.Latitude",
      "CurrentLocation.Longitude",
      "CurrentLocation.Timestamp",
      "Speed",
    ];
    expect(broker.asked()).toEqual(names.map((name) => `Vehicle.${name}`));
  });

  test("the databroker's stamp is the time where that is wanted", async () => {
    const { fix, nowMs } = await third((timeMs) => at(timeMs, { Timestamp: [null] }), { time: "stamp" });
    expect(fix).toMatchObject({ timeMs: nowMs + 120 });
  });
});

test("what the wheels say comes for itself, in m/s", async () => {
  const client = follow();
  await subscribed(client);
  const nowMs = Date.now();
  broker.tell(nowMs, { Speed: [-72, 0] });
  broker.tell(nowMs + 20, { Speed: [Number.NaN, 0] });
  broker.tell(nowMs + 40, { Speed: [null, 0] });
  broker.tell(nowMs + 60, { Speed: [0, 0] });
  await client.until("speeds", () => client.wheels.length === 2);
  expect(client.wheels).toEqual([
    { timeMs: nowMs, speedMps: 20 },
    { timeMs: nowMs + 60, speedMps: 0 },
  ]);
});

describe("the databroker", () => {
  test("that goes away and comes back is subscribed to again", async () => {
    const client = follow();
    const nowMs = await trusted(client);
    broker.tell(nowMs, at(nowMs));
    await client.until("a fix", () => client.fixes().length === 1);
    broker.cut();
    await client.until("its loss", () => client.health.some(({ what }) => what.includes("going away")));
    const againMs = (await trusted(client)) + 500;
    expect(client.fixes()).toHaveLength(1);
    broker.tell(againMs, at(againMs));
    await client.until("another fix", () => client.fixes().length === 2);
  });

  test("that is not there is tried again until it is", async () => {
    const port = await freePort();
    const client = follow({ port });
    await client.until("refusals", () => client.receiver.status().restarts >= 2);
    expect(client.receiver.status().state).toBe("connecting");
    broker.close();
    broker = await databroker(port);
    await trusted(client);
  });

  test("that falls silent is told, and subscribed to again", async () => {
    const client = follow({ silentAfterMs: 200 });
    await client.until("a subscription", () => broker.subscribers.size > 0);
    await client.until("another", () => client.receiver.status().restarts >= 2);
    expect(client.health.map(({ state }) => state)).toContain("silent");
  });

  test("that does not know the speed says so", async () => {
    const client = follow();
    await client.until("a subscription", () => broker.subscribers.size > 0);
    broker.close();
    broker = await databroker(0, []);
    const other = follow();
    await other.until("a refusal", () => other.health.some(({ what }) => what.includes("Path not found")));
    expect(other.reports).toEqual([]);
  });

  test("is shown the token", async () => {
    const tokenFile = join(tempDir(), "token");
    writeFileSync(tokenFile, "abc.def.ghi\n");
    const client = follow({ tokenFile });
    await client.until("a subscription", () => broker.subscribers.size > 0);
    expect(broker.tokens).toEqual(["Bearer abc.def.ghi"]);
  });

  test("that floods is read past without harm", async () => {
    const client = follow();
    const nowMs = await trusted(client);
    for (let i = 0; i < 5000; i += 1) broker.tell(nowMs, { Latitude: [i % 90, i / 1000] });
    broker.write({ entries: { nonsense: {}, "": { value: { string: "x".repeat(100_000) } } } });
    broker.tell(nowMs + 100, at(nowMs + 100));
    await client.until("a fix", () => client.fixes().length === 1);
    expect(client.fixes()[0]).toMatchObject({ latDeg: 48.1173, lonDeg: 11.522 });
  });
});
