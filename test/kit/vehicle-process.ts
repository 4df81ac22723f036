import { writeSync } from "node:fs";
import { interval, of, Subject } from "rxjs";
import { StorageConfig } from "../../src/config.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { openPipeline } from "../../src/pipeline.ts";
import type { StoreEvent } from "../../src/buffer/segment-store.ts";
import type { GnssReport } from "../../src/sources/fix.ts";
import type { FrameIn } from "../../src/sources/frame.ts";
import { T0_MS } from "./drives.ts";
import { fixAt, squareZone } from "./place.ts";
import { regionShape, zonesWith } from "./region-zones.ts";

/**
 * A vehicle as a process, on the real clock, until it is killed or its stdin ends: cameras `passed`, `blurred` and
 * `dropped`, whose pixels say so, 20 times a second; every `jumpEvery` fixes the receiver jumps away and back. A line
 * of JSON on stdout, written at once, for all that happens.
 */
const {
  storage,
  jumpEvery = Infinity,
  sendForMs = 20_000,
} = JSON.parse(process.argv[2] ?? "") as {
  storage: unknown;
  jumpEvery?: number;
  sendForMs?: number;
};
const STEP_MS = 50;
const [WIDTH, HEIGHT] = [300, 200];
const PIXELS = { passed: "PASSED-PIXELS! ", blurred: "BLURRED-PIXELS ", dropped: "DROPPED-PIXELS " };
const here = { eastM: -500, northM: -500, sideM: 1000 };
const say = (line: unknown): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const tell = (event: StoreEvent): void => {
  if ("segment" in event) {
    const { id, sha256, firstMs, lastMs, region, bytes } = event.segment;
    say({
      happened: event.kind,
      why: "why" in event ? event.why : null,
      id,
      sha256,
      firstMs,
      lastMs,
      region,
      bytes,
    });
  } else say({ happened: event.kind, ...event });
};

async function main(): Promise<void> {
  const fixes = new Subject<GnssReport>();
  const cameras = Object.keys(PIXELS).map((id) => ({
    id,
    yawDeg: 0,
    hfovDeg: 100,
    frames: new Subject<FrameIn>(),
  }));
  const zones = zonesWith(
    [
      squareZone({ id: "secret", ...here, cameras: ["dropped"] }),
      squareZone({ id: "homes", ...here, cameras: ["blurred"], action: "blur" }),
    ],
    { regions: [regionShape("cn")], issuedMs: T0_MS, expiresMs: Date.now() + 1e9 },
  );
  const pipeline = await openPipeline({
    fixes,
    zones: of(zones),
    cameras,
    storage: StorageConfig.parse(storage),
  });
  pipeline.found.forEach(tell);
  pipeline.stored.subscribe(tell);
  pipeline.revocations.subscribe((revocation) => say({ revoked: revocation }));
  pipeline.uploads.subscribe((outcome) =>
    say({ upload: outcome.kind, why: "why" in outcome ? outcome.why : null }),
  );
  const counts = new Map<string, number>();
  pipeline.outcomes.subscribe(({ record }) => {
    const what = `${record.camera} ${record.action}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  });
  pipeline.open();
  say({ open: true });
  const driving = interval(STEP_MS).subscribe((step) => {
    const isAway = step % jumpEvery === jumpEvery - 1;
    fixes.next(fixAt(Date.now(), { accuracyM: 2, ...(isAway && { eastM: 5000 }) }));
    for (const { id, frames } of cameras) frames.next(frameOf(id as keyof typeof PIXELS, step));
  });
  await new Promise((resolve) => process.stdin.on("end", resolve).resume());
  driving.unsubscribe();
  const account = await pipeline.close({ sendForMs });
  say({ closed: account, left: pipeline.status().segments, counts: Object.fromEntries(counts) });
}

function frameOf(camera: keyof typeof PIXELS, seq: number): FrameIn {
  const data = new Uint8Array(Buffer.alloc(WIDTH * HEIGHT, PIXELS[camera]));
  const size = { width: WIDTH, height: HEIGHT, format: "gray8", keyframe: true } as const;
  return { camera, timeMs: Date.now(), seq, data, ...size };
}

process.exitCode = await runCommand(
  async () => {
    await main();
    return 0;
  },
  [],
  {
    stdout: () => {},
    stderr: (text) => void process.stderr.write(text),
    interactive: false,
    colour: false,
    nowMs: () => Date.now(),
  },
);
process.exit();
