import { seededRandom } from "../../../src/core/random.ts";
import type { Random } from "../../../src/core/random.ts";
import type { Position } from "../../../src/core/position.ts";
import { createGatekeeper } from "../../../src/gate/gatekeeper.ts";
import { AT, CHECKSUM_BYTES } from "../../../src/zones/compiled/layout.ts";
import { checksumOf } from "../../../src/zones/compiled/checksum.ts";
import { compiledFile } from "../../../src/zones/compiled/write-compiled.ts";
import { CATEGORIES } from "../../../src/zones/zone.ts";
import type { Shape, Zone, ZoneSetContent } from "../../../src/zones/zone.ts";
import type { ZoneSet } from "../../../src/zones/zone-set.ts";
import { cameraOf, policyOf, reachAt, regionOf, zoneOf } from "../../gate/scene.ts";
import { TOWER_AT_SEAM, between, rectangle, star } from "../random-shapes.ts";

/** Sets of all that zone files can say, in a small place so that verdicts differ. */
export function randomContent(seed: number, count = 12): ZoneSetContent {
  const random = seededRandom(seed);
  const lonDeg = random() < 0.2 ? 180 : 11;
  const zones = Array.from({ length: count }, (_, i) =>
    randomZone(random, `z${i}/${"é".repeat(i % 3)}`, lonDeg),
  );
  const isCovered = random() < 0.5;
  return {
    zones: random() < 0.1 ? [...zones, zoneOf("tower", [TOWER_AT_SEAM])] : zones,
    coverage: isCovered
      ? [
          { kind: "coverage", id: "c", shapes: [rectangle(lonDeg - 0.05, 47.95, lonDeg, 48.05)] },
          { kind: "coverage", id: "d", shapes: [rectangle(lonDeg, 47.95, lonDeg + 0.05, 48.05)] },
        ]
      : [],
    regions:
      random() < 0.5
        ? [
            regionOf("cn", rectangle(lonDeg - 0.03, 47.9, lonDeg, 48.1)),
            regionOf("de", rectangle(lonDeg, 47.9, lonDeg + 0.1, 48.1)),
          ]
        : [],
    issuedMs: 1_700_000_000_000,
    expiresMs: 1_900_000_000_000,
    hash: "0123456789abcdef".repeat(4),
  };
}

function randomZone(random: Random, id: string, lonDeg: number): Zone {
  const pick = <Item>(...items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const shapes = Array.from({ length: pick(1, 1, 2) }, () => randomShape(random, lonDeg));
  return zoneOf(id, shapes, {
    category: pick(...CATEGORIES),
    action: pick("drop", "blur"),
    standoffM: between(random, 0, 100),
    viewM: pick(0, 0, between(random, 50, 300)),
    cameras: pick(null, null, ["front"], ["rear"]),
    schedule: pick(null, null, {
      timeZone: "Asia/Shanghai",
      windows: [{ days: [0, 1, 2, 3, 4, 5, 6], fromMin: 60, toMin: 900 }],
    }),
    validFromMs: pick(-Infinity, 1_750_000_000_000),
    validUntilMs: pick(Infinity, 1_850_000_000_000),
  });
}

function randomShape(random: Random, lonDeg: number): Shape {
  const centre = { latDeg: 48 + between(random, -0.05, 0.05), lonDeg: lonDeg + between(random, -0.05, 0.05) };
  if (random() < 0.2) return { kind: "circle", ...centre, radiusM: between(random, 10, 500) };
  const vertices = Math.floor(between(random, 3, 60));
  const shape = star(random, {
    centre,
    sizeDeg: between(random, 0.0005, 0.01),
    vertices,
    holes: random() < 0.3 ? 1 : 0,
  });
  return random() < 0.5 ? shape : inDecimals(shape, 4 + Math.floor(4 * random()));
}

/** With so many decimals, as files have them. */
export function inDecimals(shape: Shape & { readonly kind: "polygon" }, decimals: number): Shape {
  const rounded = (deg: number) => Math.round(deg * 10 ** decimals) / 10 ** decimals;
  return { kind: "polygon", rings: shape.rings.map((ring) => ring.map(rounded)) };
}

export function bytesOf(content: ZoneSetContent): Buffer {
  return aligned(Buffer.concat(compiledFile(content)));
}

/** A copy that begins at a multiple of 8, as a file that was read does. */
export function aligned(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}

/** Gives changed bytes the checksum that belongs to them. */
export function resealed(bytes: Buffer): Buffer {
  bytes.fill(0, AT.checksum, AT.checksum + CHECKSUM_BYTES);
  checksumOf([bytes]).copy(bytes, AT.checksum);
  return bytes;
}

/** Verdicts at places, with all that is said of each; zones in the order of their ids. */
export function judgedAt(
  set: ZoneSet,
  places: readonly Position[],
  timeMs = 1_800_000_000_000,
): readonly unknown[] {
  const cameras = [cameraOf(), cameraOf({ id: "rear", yawDeg: 180, hfovDeg: 120 })];
  return places.flatMap((place, i) => {
    const gatekeeper = createGatekeeper(cameras, policyOf(), () => 0, 0, "exact");
    gatekeeper.useZones(set);
    const reach = reachAt(place, 5 + (i % 7), { deg: (i * 37) % 360, errorDeg: i % 20 });
    return cameras.map((camera) => {
      const { verdict, clearanceM, region } = gatekeeper.judge(camera, reach, timeMs + (i % 24) * 3_600_000);
      return { ...verdict, zones: verdict.zones.toSorted(), clearanceM, region };
    });
  });
}

export function placesNear(seed: number, count: number, lonDeg = 11, spanDeg = 0.07): readonly Position[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => ({
    latDeg: 48 + between(random, -spanDeg, spanDeg),
    lonDeg: lonDeg + between(random, -spanDeg, spanDeg),
  }));
}
