import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeFiles } from "../../src/buffer/disk/node-files.ts";
import { createRechecker } from "../../src/buffer/recheck.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import type { SegmentVault } from "../../src/buffer/segment-vault.ts";
import { createExtent } from "../../src/buffer/sidecar/extent.ts";
import { packNotes } from "../../src/buffer/sidecar/frame-notes.ts";
import { writeSidecar } from "../../src/buffer/sidecar/sidecar.ts";
import { placeAt, planeAt } from "../../src/core/plane.ts";
import type { Position } from "../../src/core/position.ts";
import { seededRandom } from "../../src/core/random.ts";
import { compileZoneSet } from "../../src/zones/zone-set.ts";
import type { ZoneSet } from "../../src/zones/zone-set.ts";
import type { Zone } from "../../src/zones/zone.ts";
import { CAMERAS, DEVICE_KEY, HEADING, PLACE } from "../kit/buffer.ts";
import { T0_MS } from "../kit/drives.ts";
import { cpuSeconds, timed } from "./clocks.ts";

const SEGMENTS = 10_000;
const ZONES = 20_000;
const NOTES = 2880;
const CITY_M = 50_000;

/** All that waits, judged again when a new zone set comes. */
export async function benchBufferRecheck(print: (line: string) => void): Promise<void> {
  const random = seededRandom(7);
  const set = cityOf(ZONES, random);
  const folder = mkdtempSync(join(tmpdir(), "camfence-bench-"));
  const vault = await waitingSegments(folder, random);
  const before = vault.list().length;
  let seconds = Infinity;
  const cpu = await cpuSeconds(async () => {
    seconds = await timed(() =>
      createRechecker({ vault, policy: { cabin: "drop", clockErrorMs: 50 } }).recheck(set),
    );
  });
  const gone = before - vault.list().length;
  rmSync(folder, { recursive: true });
  const what = `${SEGMENTS} segments of ${NOTES} frames against ${ZONES} zones on ${(2 * CITY_M) / 1000} km`;
  print(
    `recheck of ${what}: ${seconds.toFixed(2)} s (${cpu.toFixed(2)} s of CPU), ${gone} destroyed; target 10 s: ${seconds < 10 ? "met" : "MISSED"}`,
  );
}

function somewhere(random: () => number): Position {
  return placeAt(planeAt(PLACE), CITY_M * (2 * random() - 1), CITY_M * (2 * random() - 1));
}

/** Squares of 60 m, half of them with view protection. */
function cityOf(count: number, random: () => number): ZoneSet {
  const zones = Array.from({ length: count }, (_, i): Zone => {
    const plane = planeAt(somewhere(random));
    const { latDeg: south, lonDeg: west } = placeAt(plane, -30, -30);
    const { latDeg: north, lonDeg: east } = placeAt(plane, 30, 30);
    const ring = Float64Array.of(west, south, east, south, east, north, west, north, west, south);
    return {
      kind: "zone",
      id: `z${i}`,
      category: "other",
      action: "drop",
      standoffM: 25,
      viewM: i % 2 === 0 ? 100 : 0,
      shapes: [{ kind: "polygon", rings: [ring] }],
      cameras: null,
      schedule: null,
      validFromMs: -Infinity,
      validUntilMs: Infinity,
    };
  });
  const shape = { kind: "circle", ...PLACE, radiusM: 3 * CITY_M } as const;
  const regions = [{ kind: "region", id: "cn", region: "cn", shapes: [shape] }] as const;
  return compileZoneSet({
    zones,
    regions,
    coverage: [],
    issuedMs: T0_MS,
    expiresMs: T0_MS + 1e12,
    hash: "b".repeat(64),
  });
}

/** Segments of ten seconds at 14 m/s each, anywhere in the city; only their sidecars matter here. */
async function waitingSegments(folder: string, random: () => number): Promise<SegmentVault> {
  const files = await nodeFiles(folder);
  for (let i = 0; i < SEGMENTS; i++) {
    const plane = planeAt(somewhere(random));
    const notes = Array.from({ length: NOTES }, (_, n) => {
      const moment = Math.floor(n / 8);
      const place = placeAt(plane, (14 * moment) / 36, 0);
      const camera = n % 2 === 0 ? "front" : "rear";
      return {
        timeMs: T0_MS + (moment * 1000) / 36,
        camera,
        action: "pass",
        ...place,
        radiusM: 6,
        heading: HEADING,
      } as const;
    });
    const extent = createExtent();
    for (const note of notes) extent.add(note);
    const id = `segment-${i}`;
    const summary = {
      id,
      region: "cn",
      vehicle: "bench",
      sha256: "0".repeat(64),
      bytes: 1,
      firstMs: T0_MS,
      lastMs: T0_MS + 10_000,
      zoneSetHash: "a".repeat(64),
      counts: { front: { pass: NOTES / 2, blur: 0 }, rear: { pass: NOTES / 2, blur: 0 } },
      ending: "whole",
      cameras: [...CAMERAS],
      extent: extent.disc(),
    } as const;
    const packed = packNotes(
      notes,
      CAMERAS.map((camera) => camera.id),
    );
    await writeSidecar(files, DEVICE_KEY, `${id}.sidecar`, {
      summary: { ...summary, cameras: [...CAMERAS] },
      notes: packed,
    });
    const segment = await files.open(`${id}.mcap.age`, "create");
    await segment.write(Uint8Array.of(0), 0);
    await segment.close();
  }
  return (await openVault({ files, deviceKey: DEVICE_KEY })).vault;
}
