import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HOLD_IDENTITY, HOLD_RECIPIENT, openSegment } from "../kit/buffer.ts";
import { parseMetrics, startDaemon, sumOf, vehicleFolder } from "../kit/daemon/daemon.ts";
import type { Daemon } from "../kit/daemon/daemon.ts";
import { nmeaEpoch } from "../kit/daemon/nmea.ts";
import { numberedCamera, numberedPictures } from "../kit/daemon/numbered-pictures.ts";
import type { NumberedCamera } from "../kit/daemon/numbered-pictures.ts";
import { childrenOf } from "../kit/daemon/process-table.ts";
import { receiverServer } from "../kit/daemon/receiver-server.ts";
import type { ReceiverServer } from "../kit/daemon/receiver-server.ts";
import { hasFfmpeg } from "../kit/daemon/tools.ts";
import { zoneFile } from "../kit/daemon/zone-file.ts";
import { place } from "../kit/place.ts";

/*
 * Everything that can happen to receivers and cameras, to the daemon as its users run it, while a vehicle drives from zone
 * to zone. The truth is known: when each picture was really taken, and where the vehicle was then. What is released is read
 * back with the recipient's key. SLOW=1 makes each fault last a minute, and
 * has all of them.
 */
const SLOW = process.env["SLOW"] === "1";
const FAULT_MS = SLOW ? 60_000 : 1000;
/** So long all is well before the next fault. */
const PAUSE_MS = 600;
const FRAME_MS = 50;
const SPEED_MPS = 20;
const EVERY_M = 160;
const ZONE_M = 40;

interface Vehicle {
  readonly daemon: Daemon;
  readonly receiver: ReceiverServer;
  readonly cameras: readonly NumberedCamera[];
  readonly say: () => string;
}

/** The short form's. */
const QUICK =
  /^(?:receiver killed|receiver talks|cameras killed|cameras flood|ffmpeg frozen|daemon frozen|garbage on every)/;

type Fault = readonly [
  what: string,
  begin: (on: Vehicle) => Promise<void> | void,
  end: (on: Vehicle) => Promise<void> | void,
];

const each = (act: (camera: NumberedCamera) => Promise<void> | void) => async (on: Vehicle) => {
  await Promise.all(on.cameras.map(act));
};
const signal = (pids: readonly number[], name: NodeJS.Signals): void => {
  for (const pid of pids) process.kill(pid, name);
};

const FAULTS: readonly Fault[] = [
  ["receiver killed", ({ receiver }) => receiver.kill(), ({ receiver }) => receiver.restart()],
  ["receiver silent", ({ receiver }) => receiver.say(null), ({ receiver, say }) => receiver.say(say)],
  [
    "receiver floods, 10 ×",
    ({ receiver, say }) => receiver.say(() => say().repeat(10)),
    ({ receiver, say }) => receiver.say(say),
  ],
  [
    "receiver talks garbage",
    ({ receiver, say }) => receiver.say(() => garbled(say())),
    ({ receiver, say }) => receiver.say(say),
  ],
  ["cameras killed", each((camera) => camera.kill()), each((camera) => camera.restart())],
  ["cameras silent", each((camera) => camera.behave("silent")), each((camera) => camera.behave("well"))],
  ["cameras flood, 10 ×", each((camera) => camera.behave("flood")), each((camera) => camera.behave("well"))],
  [
    "cameras send garbage",
    each((camera) => camera.behave("garbage")),
    each((camera) => camera.behave("well")),
  ],
  ["ffmpeg killed", ({ daemon }) => signal(childrenOf(daemon.pid), "SIGKILL"), () => {}],
  [
    "ffmpeg frozen",
    ({ daemon }) => signal(childrenOf(daemon.pid), "SIGSTOP"),
    // By then it may have been ended as a stall.
    ({ daemon }) => signal(childrenOf(daemon.pid), "SIGCONT"),
  ],
  [
    "daemon frozen",
    ({ daemon }) => signal([daemon.pid], "SIGSTOP"),
    ({ daemon }) => signal([daemon.pid], "SIGCONT"),
  ],
  [
    "garbage on every input",
    async (on) => {
      on.receiver.say(() => garbled(on.say()));
      await each((camera) => camera.behave("garbage"))(on);
    },
    async (on) => {
      on.receiver.say(on.say);
      await each((camera) => camera.behave("well"))(on);
    },
  ],
];

/** Bytes swapped, cut and repeated: some sentences stay whole, most do not. */
function garbled(text: string): Buffer {
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += 37) bytes[i] = (i * 131) & 255;
  return Buffer.concat([bytes.subarray(40), Buffer.from([0xb5, 0x62, 0, 10, 13]), bytes]);
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const northAt = (timeMs: number, startMs: number): number => (SPEED_MPS * (timeMs - startMs)) / 1000;
const zones = () =>
  zoneFile(
    Array.from({ length: SLOW ? 300 : 30 }, (_, i) => {
      const northM = i * EVERY_M + EVERY_M / 2;
      return { id: `zone-${i}`, eastM: -20, northM, widthM: 40, heightM: ZONE_M };
    }),
  );

/** How far within a zone the vehicle was, metres; below 0 outside. */
function depthM(northM: number): number {
  const fromZone = ((((northM - EVERY_M / 2) % EVERY_M) + EVERY_M) % EVERY_M) - ZONE_M;
  return fromZone <= 0
    ? Math.min(-fromZone, fromZone + ZONE_M)
    : -Math.min(fromZone, EVERY_M - ZONE_M - fromZone);
}

async function passedFrames(daemon: Daemon): Promise<number> {
  return sumOf(parseMetrics(await daemon.metrics()), "camfence_frames_total", 'action="pass"');
}

/** Milliseconds until frames pass again: where the vehicle is may be in the way for up to 4 s. */
async function recovery(daemon: Daemon): Promise<number> {
  const fromMs = Date.now();
  let before = await passedFrames(daemon);
  for (;;) {
    await sleep(50);
    const now = await passedFrames(daemon);
    if (now > before) return Date.now() - fromMs;
    before = now;
    if (Date.now() - fromMs > 40_000) throw new Error("it did not recover in 40 s");
  }
}

describe.skipIf(!hasFfmpeg)("faults of every input", () => {
  it("never release a frame of a restricted place, and end", async () => {
    const count = (FAULTS.length * (FAULT_MS + PAUSE_MS + 8000)) / FRAME_MS + (9 * FAULT_MS) / FRAME_MS + 400;
    const pictures = await numberedPictures(Math.min(65_000, Math.ceil(count)));
    const cameras = [await numberedCamera(pictures, FRAME_MS)];
    const startMs = Date.now();
    const say = (): string => {
      const timeMs = Date.now();
      return nmeaEpoch({ timeMs, ...place(0, northAt(timeMs, startMs)), speedMps: SPEED_MPS });
    };
    const receiver = await receiverServer(say);
    const mounts = cameras.map(({ port }, i) => ({
      id: `cam${i}`,
      yawDeg: 0,
      hfovDeg: 90,
      source: {
        kind: "ffmpeg",
        input: ["-f", "mpjpeg", "-i", `tcp://127.0.0.1:${port}`],
        clock: "arrival",
        pictures: "jpeg",
        widthPx: 128,
        heightPx: 16,
        fps: 1000 / FRAME_MS,
        latencyMs: 0,
      },
    }));
    const position = {
      kind: "nmea-tcp",
      host: "127.0.0.1",
      port: receiver.port,
      silentAfterMs: 1000,
      maxBackOffMs: 200,
    };
    const folder = await vehicleFolder(
      {
        sources: { position },
        cameras: mounts,
        policy: { gate: { marginM: 0, exitFixes: 1 } },
        storage: { holdRecipient: HOLD_RECIPIENT },
      },
      { "zones.geojson": zones() },
    );
    const daemon = await startDaemon(folder);
    try {
      const on = { daemon, receiver, cameras, say };
      const table = [`start                     passes again after ${await recovery(daemon)} ms`];
      const faults = FAULTS.filter(([what]) => SLOW || QUICK.test(what));
      for (const [what, begin, end] of faults) {
        await sleep(PAUSE_MS);
        await begin(on);
        await sleep(FAULT_MS);
        await end(on);
        table.push(`${what.padEnd(25)} passes again after ${await recovery(daemon)} ms`);
      }
      expect(await daemon.stop()).toBe(0);
      const found = await releasedFrames(folder, cameras, startMs);
      process.stdout.write(`faults of ${FAULT_MS} ms each:\n${table.join("\n")}\n${JSON.stringify(found)}\n`);
      expect(found.unknown).toBe(0);
      expect(found.restricted).toBe(0);
      expect(found.frames).toBeGreaterThan(50);
      expect(faults.length).toBeGreaterThanOrEqual(7);
    } finally {
      daemon.child.kill("SIGCONT");
      daemon.child.kill("SIGKILL");
      await receiver[Symbol.asyncDispose]();
      for (const camera of cameras) await camera[Symbol.asyncDispose]();
    }
  }, 1_800_000);
});

async function releasedFrames(folder: string, cameras: readonly NumberedCamera[], startMs: number) {
  const dir = join(folder, "data/segments");
  const found = { segments: 0, frames: 0, unknown: 0, restricted: 0, nearestM: Infinity };
  for (const name of readdirSync(dir).filter((file) => file.endsWith(".mcap.age"))) {
    const { frames } = await openSegment(readFileSync(join(dir, name)), HOLD_IDENTITY);
    found.segments++;
    for (const { camera, sha256 } of frames) {
      found.frames++;
      const takenMs = cameras[Number(camera.slice(3))]?.takenAt(sha256) ?? Number.NaN;
      const depth = depthM(northAt(takenMs, startMs));
      if (Number.isNaN(depth)) found.unknown++;
      if (depth >= 0) found.restricted++;
      found.nearestM = Math.min(found.nearestM, Math.round(-depth * 10) / 10);
    }
  }
  return found;
}
