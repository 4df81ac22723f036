import { readFileSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { Decrypter } from "age-encryption";
import { Subject, of } from "rxjs";
import { expect, test } from "vitest";
import { nodeFiles } from "../../src/buffer/disk/node-files.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import type { StoreEvent } from "../../src/buffer/segment-store.ts";
import { createGuard } from "../../src/guard.ts";
import { Camera } from "../../src/sources/camera.ts";
import type { Fix } from "../../src/sources/fix.ts";
import type { Frame } from "../../src/sources/frame.ts";
import { loadZones } from "../../src/zones/load-zones.ts";
import { compileZoneSet } from "../../src/zones/zone-set.ts";
import { DEVICE_KEY, IDENTITY, PLACE, sealedBytes, writerFor } from "../kit/buffer.ts";
import { tempDir } from "../kit/cli.ts";
import { box, feature, zoneFile } from "../kit/zones.ts";

const CANARIES = {
  dropped: "DROPPED-PIXELS ",
  blurred: "BLURRED-PIXELS ",
  passed: "PASSED-PIXELS! ",
} as const;
const CAMERAS = Object.keys(CANARIES).map((id) => Camera.parse({ id, yawDeg: 0, hfovDeg: 100 }));
const [WIDTH, HEIGHT] = [300, 200];
const FRAMES = 30;

function frameOf(camera: keyof typeof CANARIES, seq: number): Frame {
  const data = new Uint8Array(Buffer.alloc(WIDTH * HEIGHT, CANARIES[camera]));
  return {
    camera,
    timeMs: Date.now(),
    seq,
    width: WIDTH,
    height: HEIGHT,
    format: "gray8",
    data,
    keyframe: true,
  };
}

async function zones() {
  const { latDeg, lonDeg } = PLACE;
  const here = box(lonDeg - 0.01, latDeg - 0.01, lonDeg + 0.01, latDeg + 0.01);
  const load = await loadZones(
    [
      zoneFile([
        feature({ id: "secret", category: "military", cameras: ["dropped"] }, here),
        feature({ id: "homes", category: "other", action: "blur", cameras: ["blurred"] }, here),
        feature({ id: "r", kind: "region", region: "cn" }, here),
      ]),
    ],
    { nowMs: Date.parse("2026-03-01T00:00:00Z") },
  );
  if (load.outcome !== "loaded") throw new Error(JSON.stringify(load.reports));
  return compileZoneSet(load.content);
}

/** All bytes of the folder, and of every file that this process has open, whether or not it has a name. */
function everyByteOnDisk(folder: string): Buffer {
  const named = readdirSync(folder).map((name) => join(folder, name));
  const open = readdirSync(`/proc/${process.pid}/fd`).map((fd) => `/proc/${process.pid}/fd/${fd}`);
  return Buffer.concat([...named, ...open.filter(isWrittenFile)].map((path) => readFileSync(path)));
}

function isWrittenFile(path: string): boolean {
  try {
    return statSync(path).isFile() && !/node_modules|\/proc\/|\.(ts|js|mjs|so)( |$)/.test(readlinkSync(path));
  } catch {
    return false; // closed meanwhile
  }
}

test("no pixel of a dropped frame, and no original of a blurred one, reaches the folder, an open file or a segment", async () => {
  const folder = tempDir();
  const { vault } = await openVault({ files: await nodeFiles(folder), deviceKey: DEVICE_KEY });
  const writer = writerFor(vault, { cameras: CAMERAS, policy: { flushMs: 0 } });
  const fixes = new Subject<Fix>();
  const frames = CAMERAS.map(() => new Subject<Frame>());
  const inputs = CAMERAS.map((camera, i) => ({ ...camera, frames: frames[i] ?? new Subject<Frame>() }));
  const guard = createGuard({
    fixes,
    zones: of(await zones()),
    cameras: inputs,
    policy: { positioning: { maxAccuracyM: 50 } },
  });
  const actions = new Map<string, number>();
  const writes: Promise<readonly StoreEvent[]>[] = [];
  guard.outcomes.subscribe((outcome) => {
    const key = `${outcome.record.camera} ${outcome.record.action}`;
    actions.set(key, (actions.get(key) ?? 0) + 1);
    writes.push(writer.write(outcome));
  });
  const inputsOpen = guard.open();
  const { latDeg, lonDeg } = PLACE;
  for (let seq = 0; seq < FRAMES; seq++) {
    fixes.next({
      timeMs: Date.now(),
      latDeg,
      lonDeg,
      accuracyM: 3,
      speedMps: 0,
      courseDeg: null,
      quality: "autonomous",
    });
    for (const [i, camera] of (["dropped", "blurred", "passed"] as const).entries())
      frames[i]?.next(frameOf(camera, seq));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all(writes);
    if (seq % 10 === 5) expectNoCanary(everyByteOnDisk(folder));
  }
  inputsOpen.unsubscribe();
  expect((await Promise.all(writes)).flat()).toEqual([]);
  await writer.close();
  // Drops of any camera may come on top: every stream begins with one.
  const seen = [...actions.keys()].filter((each) => each === "dropped drop" || !each.endsWith(" drop"));
  expect(seen.toSorted()).toEqual(["blurred blur", "dropped drop", "passed pass"]);
  expectNoCanary(everyByteOnDisk(folder));
  const decrypter = new Decrypter();
  decrypter.addIdentity(IDENTITY);
  for (const { id, counts } of vault.list()) {
    const plain = Buffer.from(await decrypter.decrypt(await sealedBytes(vault, id)));
    expect(Object.keys(counts).toSorted()).toEqual(["blurred", "passed"]);
    expect([plain.includes("PASSED-PIXELS"), plain.includes("DROPPED"), plain.includes("BLURRED")]).toEqual([
      true,
      false,
      false,
    ]);
  }
});

function expectNoCanary(bytes: Buffer): void {
  expect(bytes.length).toBeGreaterThan(100_000);
  for (const canary of ["DROPPED", "BLURRED", "PASSED"]) expect(bytes.includes(canary)).toBe(false);
}
