import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { NODE_OPTIONS } from "../../src/cli/run/unit-file.ts";
import { HOLD_RECIPIENT } from "../kit/buffer.ts";
import { tempDir } from "../kit/cli.ts";
import { startDaemon, vehicleFolder } from "../kit/daemon/daemon.ts";
import type { Daemon } from "../kit/daemon/daemon.ts";
import { nmeaEpoch } from "../kit/daemon/nmea.ts";
import { receiverServer } from "../kit/daemon/receiver-server.ts";
import { zoneFile } from "../kit/daemon/zone-file.ts";
import { place } from "../kit/place.ts";
import { startCameras } from "./daemon-latency.ts";
import type { ClockedCameras } from "./daemon-latency.ts";

const IMAGES = resolve(import.meta.dirname, "../../simulator/drives/mountain-view/front");
export const CAMERAS = 8;
export const FPS = 36;
const SPEED_MPS = 15;
/** A zone of 45 m in each 300 m of way that drops, and one that blurs. */
const LAP_M = 300;
const ZONE_M = 45;

/** Eight cameras and a receiver on a street with zones, and a folder from which the daemon guards them. */
export interface Street extends AsyncDisposable {
  readonly folder: string;
  readonly cameras: ClockedCameras;
  /** As the systemd unit starts it. */
  readonly start: () => Promise<Daemon>;
}

/** A process of cameras sends JPEGs, the receiver is NMEA over TCP; `seconds` long is the street. */
export async function openStreet(seconds: number): Promise<Street> {
  const cameras = await startCameras(await makePictures(), CAMERAS, FPS);
  const startMs = Date.now();
  const receiver = await receiverServer(() => epochAt(Date.now(), startMs));
  const config = configOf(cameras.ports, receiver.port);
  const folder = await vehicleFolder(config, { "bench.geojson": zones(seconds) });
  return {
    folder,
    cameras,
    start: () => startDaemon(folder, { NODE_OPTIONS }),
    async [Symbol.asyncDispose]() {
      cameras.child.kill();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

/** JPEGs of the size, as they come from a camera. */
async function makePictures(): Promise<readonly string[]> {
  const dir = tempDir();
  mkdirSync(join(dir, "frames"));
  const files = readdirSync(IMAGES)
    .filter((name) => name.endsWith(".jpg"))
    .toSorted();
  const images = await Promise.all(
    files.map((name) =>
      sharp(join(IMAGES, name)).resize(1280, 960, { fit: "fill" }).jpeg({ quality: 85 }).toBuffer(),
    ),
  );
  return images.map((image, i) => {
    const path = join(dir, "frames", `${i}.jpg`);
    writeFileSync(path, image);
    return path;
  });
}

function configOf(ports: readonly number[], port: number) {
  const input = ["-f", "matroska", "-fflags", "nobuffer", "-probesize", "32", "-analyzeduration", "0", "-i"];
  const made = { pictures: "jpeg", widthPx: 1280, heightPx: 960, fps: FPS, latencyMs: 0 };
  const cameras = ports.map((camera, i) => ({
    id: `cam${i}`,
    yawDeg: 45 * i,
    hfovDeg: 60,
    source: { kind: "ffmpeg", input: [...input, `tcp://127.0.0.1:${camera}`], ...made },
  }));
  return {
    sources: { position: { kind: "nmea-tcp", host: "127.0.0.1", port } },
    cameras,
    policy: { gate: { exitFixes: 1, marginM: 0 } },
    storage: { holdRecipient: HOLD_RECIPIENT, buffer: { maxBytes: 2 ** 31, whenFull: "delete-oldest" } },
  };
}

/** Along a street: turning round at once is what no vehicle does, and would be revoked. */
function epochAt(nowMs: number, startMs: number): string {
  const timeMs = Math.floor(nowMs / 100) * 100;
  const northM = (SPEED_MPS * (timeMs - startMs)) / 1000;
  return nmeaEpoch({ timeMs, ...place(0, northM), speedMps: SPEED_MPS });
}

function zones(seconds: number) {
  const laps = Array.from({ length: Math.ceil((seconds * SPEED_MPS) / LAP_M) }, (_, i) => i * LAP_M);
  const across = { eastM: -30, widthM: 60, heightM: ZONE_M };
  return zoneFile(
    laps.flatMap((fromM, i) => [
      { id: `drop-${i}`, northM: fromM + 60, ...across },
      { id: `blur-${i}`, action: "blur", northM: fromM + 200, ...across },
    ]),
  );
}
