import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GpsdOptions, gpsdReceiver } from "../../../src/sources/live/gpsd-client.ts";
import type { Listening, TestServer } from "./kit.ts";
import { freePort } from "../../kit/free-port.ts";
import { GREETING, listen, serve, sleep, tpv } from "./kit.ts";

let server: TestServer;
let listening: Listening | undefined;

beforeEach(async () => {
  server = await serve(0, GREETING);
});

afterEach(async () => {
  listening?.stop();
  await server.close();
});

const opened = (changes: object = {}) => {
  const options = { port: server.port, maxBackOffMs: 50, epochPauseMs: 20, maxLagMs: 60_000, ...changes };
  const receiver = gpsdReceiver(GpsdOptions.parse(options));
  listening = listen(receiver);
  return { ...listening, receiver };
};

/** Waits for the client and sends it fixes of the last `count` seconds. */
async function connected(client: Listening, count: number, changes: object = {}): Promise<number> {
  await client.until("a client", () => server.clients.size > 0);
  const nowMs = Date.now();
  for (let i = count - 1; i >= 0; i -= 1) server.send(tpv(nowMs - 1000 * i, changes));
  return nowMs;
}

test("asks gpsd to watch, in JSON", async () => {
  const client = opened();
  await client.until("a watch", () => server.heard().includes("\n"));
  expect(server.heard()).toBe('?WATCH={"enable":true,"json":true};\n');
});

test("asks for the device that is wanted", async () => {
  const client = opened({ device: "/dev/ttyS1" });
  await client.until("a watch", () => server.heard().includes("\n"));
  expect(server.heard()).toBe('?WATCH={"enable":true,"json":true,"device":"/dev/ttyS1"};\n');
});

describe("the receiver's time", () => {
  test("is trusted from the third fix in a row on", async () => {
    const client = opened();
    const nowMs = await connected(client, 4);
    await client.until("two fixes", () => client.fixes().length === 2);
    expect(client.fixes().map(({ timeMs }) => timeMs)).toEqual([nowMs - 1000, nowMs]);
  });

  test("must be trusted anew after a lack of position, which is told at once", async () => {
    const client = opened();
    const nowMs = await connected(client, 3);
    await client.until("a fix", () => client.fixes().length === 1);
    server.send(tpv(nowMs + 1000, { mode: 1 }) + tpv(nowMs + 2000) + tpv(nowMs + 3000));
    await client.until("none", () => client.reports.at(-1)?.quality === "none");
    await sleep(60);
    expect(client.fixes()).toHaveLength(1);
    server.send(tpv(nowMs + 4000));
    await client.until("a fix again", () => client.fixes().length === 2);
  });

  test("must be trusted anew after it went back", async () => {
    const client = opened();
    const nowMs = await connected(client, 3);
    server.send(tpv(nowMs - 40_000) + tpv(nowMs - 39_000));
    await client.until("a fix", () => client.fixes().length === 1);
    await sleep(60);
    expect(client.fixes()).toHaveLength(1);
    server.send(tpv(nowMs - 38_000));
    await client.until("another", () => client.fixes().length === 2);
  });

  test("is no time to go by when fixes come too late", async () => {
    const client = opened({ maxLagMs: 1000 });
    await client.until("a client", () => server.clients.size > 0);
    for (let i = 9; i > 4; i -= 1) server.send(tpv(Date.now() - 1000 * i));
    await client.until("none", () => client.reports.length === 3);
    expect(client.fixes()).toEqual([]);
    expect(client.receiver.status()).toMatchObject({ state: "no-fix" });
    expect(client.receiver.status().lagMs).toBeGreaterThan(4900);
  });

  test("is shifted by the least delay where the shared clock is not UTC", async () => {
    const client = opened({ clock: "arrival" });
    await client.until("a client", () => server.clients.size > 0);
    const longAgoMs = Date.parse("2009-01-01T00:00:00Z");
    const sentMs = Date.now();
    // The last one says that it is half a second older than its arrival.
    for (const offsetMs of [0, 1000, 2000, 1500 + 1000]) server.send(tpv(longAgoMs + offsetMs));
    await client.until("fixes", () => client.fixes().length === 2);
    const [third, fourth] = client.fixes();
    expect(third?.timeMs).toBeGreaterThanOrEqual(sentMs);
    expect(third?.timeMs).toBeLessThanOrEqual(Date.now());
    expect(fourth?.timeMs).toBeGreaterThanOrEqual(third?.timeMs ?? Infinity);
    await sleep(200);
    server.send(tpv(longAgoMs + 2501));
    await client.until("a late one", () => client.fixes().length === 3);
    // 200 ms late, and so 200 ms old.
    expect((client.fixes()[2]?.timeMs ?? NaN) - (fourth?.timeMs ?? NaN)).toBeCloseTo(1, 6);
  });
});

describe("an epoch", () => {
  test("of several reports and a GST is one fix", async () => {
    const client = opened();
    const timeMs = (await connected(client, 2)) + 500;
    const gst = {
      class: "GST",
      device: "/dev/ttyS0",
      time: new Date(timeMs).toISOString(),
      major: 9,
      minor: 1,
    };
    server.send(tpv(timeMs, { speed: null, eph: null }) + tpv(timeMs) + JSON.stringify(gst) + "\r\n");
    await client.until("a fix", () => client.fixes().length === 1);
    expect(client.fixes()[0]).toMatchObject({
      timeMs,
      speedMps: 0.5,
      accuracyM: 9 * Math.sqrt(-2 * Math.log(0.05)),
    });
  });

  test("ends when gpsd pauses, not with the next one", async () => {
    const client = opened();
    await connected(client, 3);
    await client.until("the third", () => client.fixes().length === 1);
    expect(server.connections()).toBe(1);
  });

  test("that the connection breaks in is lost", async () => {
    const client = opened({ epochPauseMs: 2000 });
    const nowMs = await connected(client, 4);
    await client.until("a fix", () => client.fixes().length === 1);
    server.cut();
    await client.until("another connection", () => server.connections() === 2);
    await sleep(2100);
    expect(client.fixes().map(({ timeMs }) => timeMs)).toEqual([nowMs - 1000]);
  });
});

describe("what is not a position that counts", () => {
  test("a simulator's fix says so", async () => {
    const client = opened();
    await connected(client, 3, { status: 8 });
    await client.until("a fix", () => client.fixes().length === 1);
    expect(client.fixes()[0]?.quality).toBe("simulated");
  });

  test("nulls are unknown, and so is an unstated error", async () => {
    const client = opened();
    await connected(client, 3, { speed: null, track: null, eph: null, epx: null });
    await client.until("a fix", () => client.fixes().length === 1);
    expect(client.fixes()[0]).toMatchObject({ speedMps: null, courseDeg: null, accuracyM: null });
  });

  test("another device's positions are not mixed in", async () => {
    const client = opened();
    const nowMs = await connected(client, 3);
    server.send(tpv(nowMs + 10, { device: "/dev/ttyS1", lat: 50 }) + tpv(nowMs + 20));
    await client.until("fixes", () => client.fixes().length === 2);
    expect(client.fixes().map(({ latDeg }) => latDeg)).toEqual([48.1173, 48.1173]);
  });

  test("garbage, half lines and lines over all bounds are left out and counted", async () => {
    const client = opened();
    await client.until("a client", () => server.clients.size > 0);
    server.send(Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 256));
    server.send(`\n{"class":"TPV","device":"/dev/ttyS0","mode":3,"ti\n${"x".repeat(300_000)}\n`);
    const sky = {
      class: "SKY",
      device: "/dev/ttyS0",
      satellites: Array.from({ length: 600 }, (_, PRN) => ({ PRN })),
    };
    expect(JSON.stringify(sky).length).toBeLessThan(256 * 1024);
    server.send(`${JSON.stringify({ ...sky, comment: "x".repeat(12_000) })}\n`);
    const third = tpv((await connected(client, 2)) + 500);
    server.send(third.slice(0, 90));
    await sleep(50);
    server.send(third.slice(90));
    await client.until("a fix", () => client.fixes().length === 1);
    const skipped = new Map(client.receiver.status().skipped.map(({ reason, count }) => [reason, count]));
    expect(skipped.get("malformed")).toBeGreaterThan(0);
    expect(skipped.get("too-long")).toBe(1);
  });
});

describe("the link", () => {
  test("is opened again when it breaks, with growing pauses, for as long as it takes", async () => {
    const port = await freePort();
    const client = opened({ port, maxBackOffMs: 1000 });
    await client.until("three refusals", () => client.health.filter(isPause).length === 3);
    const pausesMs = client.health.filter(isPause).map(({ what }) => Number(/(\d+) ms$/.exec(what)?.[1]));
    const limits = [250, 500, 1000];
    expect(pausesMs.map((ms, i) => ms <= (limits[i] ?? 0) && ms >= (limits[i] ?? 0) / 2)).toEqual([
      true,
      true,
      true,
    ]);
    expect(client.health.at(-1)?.what).toContain("ECONNREFUSED");
    const late = await serve(port, GREETING);
    await client.until("a connection", () => late.connections() === 1);
    const nowMs = Date.now();
    late.send(tpv(nowMs - 2000) + tpv(nowMs - 1000) + tpv(nowMs));
    await client.until("a fix", () => client.fixes().length === 1);
    expect(client.receiver.status()).toMatchObject({ state: "fix" });
    await late.close();
  });

  test("breaks a hundred times without harm", async () => {
    const client = opened({ maxBackOffMs: 1 });
    for (let i = 1; i <= 100; i += 1) {
      await client.until(`connection ${i}`, () => server.connections() >= i && server.clients.size > 0);
      server.cut();
    }
    await connected(client, 3);
    await client.until("a fix", () => client.fixes().length > 0);
    expect(client.receiver.status().restarts).toBeGreaterThanOrEqual(100);
    expect(client.over()).toBeNull();
  });

  test("that is silent is told, and opened again", async () => {
    const client = opened({ silentAfterMs: 1500 });
    await connected(client, 3);
    await client.until("a fix", () => client.fixes().length === 1);
    await client.until("another connection", () => server.connections() >= 2);
    expect(client.health.map(({ state }) => state)).toContain("silent");
    expect(client.fixes()).toHaveLength(1);
  });

  test("that only ever says other things is silent, too", async () => {
    const client = opened({ silentAfterMs: 150 });
    await client.until("a client", () => server.clients.size > 0);
    const chatter = setInterval(() => server.send('{"class":"SKY","device":"/dev/ttyS0"}\n'), 20);
    await client.until("another connection", () => server.connections() >= 2);
    clearInterval(chatter);
    expect(client.health.map(({ state }) => state)).toContain("silent");
  });

  test("to a gpsd of another protocol says so and waits", async () => {
    const future = await serve(0, GREETING.replace('"proto_major":3', '"proto_major":4'));
    const client = opened({ port: future.port });
    await client.until("a refusal", () =>
      client.health.some(({ what }) => what.includes("protocol 4, expected 3")),
    );
    expect(client.reports).toEqual([]);
    await future.close();
  });

  test("that is flooded is read at the bounded rate", async () => {
    const client = opened({ maxBytesPerS: 200_000 });
    await client.until("a client", () => server.clients.size > 0);
    const flood = tpv(Date.now()).repeat(500);
    const [socket] = server.clients;
    const startMs = Date.now();
    while (Date.now() < startMs + 1500) {
      if ((socket?.writableLength ?? Infinity) < 1e6) server.send(flood);
      await sleep(1);
    }
    expect(client.receiver.status().skipped).toEqual([]);
    expect(client.over()).toBeNull();
  });
});

test("nothing is opened before somebody listens, and everything is closed when nobody does", async () => {
  const receiver = gpsdReceiver(GpsdOptions.parse({ port: server.port }));
  await sleep(30);
  expect(server.connections()).toBe(0);
  const [a, b] = [listen(receiver), listen(receiver)];
  await a.until("a client", () => server.connections() === 1);
  a.stop();
  await sleep(30);
  expect([server.connections(), server.clients.size]).toEqual([1, 1]);
  b.stop();
  await b.until("no client", () => server.clients.size === 0);
});

test("health never holds a position", async () => {
  const client = opened();
  await connected(client, 3);
  await client.until("a fix", () => client.fixes().length === 1);
  expect(JSON.stringify(client.health)).not.toMatch(/48\.1|11\.5/);
});

function isPause({ state, what }: { readonly state: string; readonly what: string }): boolean {
  return state === "connecting" && what.includes("opened again");
}
