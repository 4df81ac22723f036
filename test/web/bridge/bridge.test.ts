import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Subject } from "rxjs";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { run } from "../../../src/cli/bridge.ts";
import { runCommand } from "../../../src/cli/run-command.ts";
import { GuardPolicy } from "../../../src/config.ts";
import type { Outcome } from "../../../src/gate/record.ts";
import type { GnssReport } from "../../../src/sources/fix.ts";
import { showGuard } from "../../../src/web/bridge/attach.ts";
import type { BridgeServer } from "../../../src/web/bridge/bridge-server.ts";
import { openBridgeServer } from "../../../src/web/bridge/bridge-server.ts";
import { SUBPROTOCOLS } from "../../../src/web/bridge/protocol.ts";
import type { ZoneSet } from "../../../src/zones/zone-set.ts";
import { asJson, bridgeViewer } from "../../kit/bridge-viewer.ts";
import { tempDir } from "../../kit/cli.ts";
import { SECONDS, START_MS, drive, isRestricted, squareFile } from "../../kit/filter.ts";
import { fixAt, squareZone, zoneSet } from "../../kit/place.ts";
import { decode, recording } from "../../kit/recording.ts";

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function server(options: Partial<Parameters<typeof openBridgeServer>[0]> = {}): Promise<BridgeServer> {
  const opened = await openBridgeServer({ port: 0, ...options });
  open.push(opened);
  return opened;
}

/** A viewer that is closed after the test. */
function view(port: number) {
  const viewer = bridgeViewer(`ws://127.0.0.1:${port}`);
  open.push(viewer);
  return { ...viewer, subscribed: async () => until(() => viewer.channels.size >= 2) };
}

async function until(holds: () => boolean): Promise<void> {
  const endMs = Date.now() + 30_000;
  while (!holds() && Date.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}

it("shows released images, positions outside zones and a verdict for every frame to Foxglove's own client", async () => {
  const path = join(tempDir(), "drive.mcap");
  writeFileSync(path, await recording(drive("CompressedImage")));
  const [err, stop] = [[] as string[], new AbortController()];
  const io = {
    stdout: () => {},
    stderr: (text: string) => void err.push(text),
    interactive: false,
    colour: false,
    nowMs: () => Date.now(),
  };
  const args = [
    path,
    "--zones",
    squareFile(),
    "--cameras",
    "front:0:100",
    "--port",
    "0",
    "--speed",
    "60",
    "--wait",
  ];
  const ended = runCommand((given, plain) => run(given, { ...plain, stop: stop.signal }), args, io);
  await until(() => err.join("").includes("serving"));
  const port = Number(/:(\d+)\n/.exec(err.join(""))?.[1]);
  const viewer = view(port);
  expect(await ended, err.join("")).toBe(0);
  const { of } = viewer;
  const images = of("/camera/front");
  expect(images.filter(({ timeMs }) => isRestricted(timeMs))).toEqual([]);
  expect(images.length).toBeGreaterThan(150);
  const image = decode(
    { data: images[0]?.data ?? new Uint8Array(0) } as Parameters<typeof decode>[0],
    "CompressedImage",
    "protobuf",
  );
  expect(image).toMatchObject({ format: "jpeg", frameId: "front" });
  expect([...image.data.subarray(0, 2)]).toEqual([0xff, 0xd8]);
  const verdicts = of("/verdicts").map(asJson);
  expect(verdicts.filter(({ action }) => action === "drop").length).toBeGreaterThan(80);
  expect(Object.keys(verdicts[0] ?? {})).toEqual(["camera", "sequence", "action", "reason"]);
  const places = of("/location");
  expect(places.length).toBeGreaterThan(300);
  expect(places.filter(({ timeMs }) => isRestricted(timeMs))).toEqual([]);
  expect(viewer.times.length).toBeGreaterThan(100);
  // At 60 × real time a minute takes a second.
  expect(images.at(-1)?.timeMs).toBeGreaterThan(START_MS + (SECONDS - 2) * 1000);
});

it("speaks both names of the protocol, and to nobody who speaks neither", async () => {
  const { port } = await server();
  for (const name of SUBPROTOCOLS) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, ["other", name]);
    const [first] = (await once(socket, "message")) as [Buffer];
    expect(socket.protocol).toBe(name);
    expect(JSON.parse(first.toString())).toMatchObject({ op: "serverInfo", capabilities: ["time"] });
    socket.terminate();
  }
  const none = new WebSocket(`ws://127.0.0.1:${port}`);
  const [code] = (await once(none, "close")) as [number];
  expect(code).toBe(1002);
});

it("a page whose name was made to point to this computer does not get in", async () => {
  const { port } = await server();
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, [...SUBPROTOCOLS], {
    headers: { host: "evil.example" },
  });
  const [error] = (await once(socket, "error")) as [Error];
  expect(error.message).toContain("401");
});

it("whatever a client says, the others are served", async () => {
  const bridge = await server();
  const rude = new WebSocket(`ws://127.0.0.1:${bridge.port}`, [...SUBPROTOCOLS]);
  await once(rude, "open");
  const answers: string[] = [];
  rude.on("message", (data: Buffer) => answers.push(data.toString("utf8")));
  rude.on("error", () => {});
  for (const text of [
    "",
    "{",
    "null",
    '{"op":"subscribe"}',
    '{"op":"advertise","channels":[]}',
    '{"op":"subscribe","subscriptions":[{"id":-1,"channelId":1}]}',
  ]) {
    rude.send(text);
  }
  rude.send(Buffer.from([1, 2, 3]));
  await until(() => answers.filter((text) => text.includes('"status"')).length === 7);
  rude.send("x".repeat(300 * 1024));
  await once(rude, "close");
  const polite = view(bridge.port);
  await polite.subscribed();
  await polite.settled();
  show(bridge).outcomes.next(outcome("drop"));
  await until(() => polite.seen.length > 0);
  expect(polite.seen.map(({ topic }) => topic)).toEqual(["/verdicts"]);
});

it("a viewer that does not read misses messages, and nothing waits for it", async () => {
  const bridge = await server({ maxWaitingBytes: 1_000_000 });
  const slow = connect(bridge.port, "127.0.0.1");
  slow.write(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: foxglove.websocket.v1\r\n\r\n`,
  );
  await once(slow, "data");
  slow.write(textFrame('{"op":"subscribe","subscriptions":[{"id":1,"channelId":3}]}'));
  open.push({ close: () => slow.destroy() });
  slow.pause();
  const quick = view(bridge.port);
  await quick.subscribed();
  await quick.settled();
  const { outcomes } = show(bridge);
  for (let i = 0; i < 400; i++) {
    outcomes.next(outcome("pass", i));
    // The quick one subscribes when it first hears of the camera.
    if (i % 4 === 0) await quick.settled();
  }
  await until(() => quick.seen.some(({ timeMs }) => timeMs === START_MS + 399));
  // 48 MB were sent; the server holds one, and the system's buffers a few.
  expect(bridge.missed()).toBeGreaterThan(250);
  expect(quick.seen.filter(({ topic }) => topic === "/camera/front").length).toBeGreaterThan(300);
});

describe("attached to a guard", () => {
  it("nothing but outcomes shows pixels, and no place is told without zones or within one", async () => {
    const bridge = await server();
    const viewer = view(bridge.port);
    await viewer.subscribed();
    await viewer.settled();
    const { fixes, zones, outcomes } = show(bridge);
    fixes.next(fixAt(START_MS));
    zones.next(zoneSet([squareZone({ eastM: -50, northM: -50, sideM: 100 })]));
    fixes.next(fixAt(START_MS + 1));
    fixes.next(fixAt(START_MS + 2, { eastM: 500 }));
    fixes.next({ timeMs: START_MS + 3, quality: "none" });
    outcomes.next(outcome("drop", 4));
    await until(() => viewer.seen.length === 2);
    expect(viewer.seen.map(({ topic, timeMs }) => [topic, timeMs - START_MS])).toEqual([
      ["/location", 2],
      ["/verdicts", 4],
    ]);
  });

  it("a port that is taken is one clear line", async () => {
    const { port } = await server();
    await expect(openBridgeServer({ port })).rejects.toThrow(
      /cannot listen on 127\.0\.0\.1:\d+: listen EADDRINUSE/,
    );
  });
});

function show(bridge: BridgeServer) {
  const inputs = {
    outcomes: new Subject<Outcome>(),
    fixes: new Subject<GnssReport>(),
    zones: new Subject<ZoneSet>(),
  };
  showGuard(bridge, { ...inputs, zonesInForce: inputs.zones }, GuardPolicy.parse({}).positioning);
  return inputs;
}

const PIXELS = new Uint8Array(400 * 300).fill(9);

function outcome(action: "pass" | "drop", seq = 0): Outcome {
  const timeMs = START_MS + seq;
  const identity = { camera: "front", timeMs, seq };
  const frame = {
    ...identity,
    width: 400,
    height: 300,
    format: "gray8",
    data: PIXELS,
    keyframe: true,
  } as const;
  return {
    record: {
      ...identity,
      action,
      reason: action === "pass" ? "clear" : "inside",
      zones: [],
      latDeg: 48,
      lonDeg: 11,
      radiusM: 5,
      heading: null,
      clearanceM: null,
      region: null,
    },
    released: action === "pass" ? { frame, informationBits: null } : null,
  };
}

/** A masked text frame (RFC 6455, 5.2) with a mask of zeros. */
function textFrame(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);
}
