import { describe, expect, it } from "vitest";
import { lookAround } from "../src/gate/surroundings.ts";
import { loadZones } from "../src/zones/load-zones.ts";
import { fromWgs84, toWgs84 } from "../src/zones/datum.ts";
import { compileZoneSet } from "../src/zones/zone-set.ts";
import type { ZoneSet } from "../src/zones/zone-set.ts";
import { compiledZoneSet } from "../src/zones/compiled/compiled-zone-set.ts";
import { reachAt } from "./gate/scene.ts";
import { place } from "./kit/place.ts";
import { drawn } from "./kit/story.ts";
import { bytesOf } from "./zones/compiled/sets.ts";
import { NOW_MS, feature, written, zoneFile } from "./zones/fixtures.ts";

type LonLat = readonly [number, number];

const at = (eastM: number, northM: number): LonLat => {
  const { lonDeg, latDeg } = place(eastM, northM);
  return [lonDeg, latDeg];
};

const country = (id: string, ...outline: readonly LonLat[]) =>
  feature(
    { id, kind: "coverage", category: undefined },
    { type: "Polygon", coordinates: [[...outline, ...outline.slice(0, 1)]] },
  );

/** A file for each country, as their admins drew them, and a zone far away in the first. */
async function setOf(
  countries: readonly object[],
  header = {},
  far: LonLat = [11.4, 48.4],
): Promise<ZoneSet> {
  const zone = feature({ id: "far", radiusM: 10 }, { type: "Point", coordinates: far });
  const files = countries.map((each, i) => zoneFile(i === 0 ? [each, zone] : [each], header));
  const load = await loadZones(written(...files), { nowMs: NOW_MS });
  if (load.outcome !== "loaded") throw new Error(JSON.stringify(load.reports));
  return compileZoneSet(load.content);
}

/** 30 seconds at 14 m/s, from 200 m before the border at 0 m to 220 m behind it. */
const drive = (zones: ZoneSet): string =>
  drawn({
    fixes: "f".repeat(300),
    frames: "x".repeat(300),
    sets: { z: zones },
    drive: (timeMs) => ({ eastM: 0.014 * timeMs - 200, speedMps: 14, courseDeg: 90 }),
  });

const WEST = country("west", at(-3000, -3000), at(0, -3000), at(0, 500), at(0, 3000), at(-3000, 3000));
const EAST = country("east", at(3000, 3000), at(0, 3000), at(0, 500), at(0, -3000), at(3000, -3000));

describe("crossing from one country's coverage into the next", () => {
  const all = `nn${"p".repeat(298)}`;

  it("drops nothing, with zone files and with a compiled set", async () => {
    const zones = await setOf([WEST, EAST]);
    expect(drive(zones)).toBe(all);
    expect(drive(compiledZoneSet(bytesOf(zones)))).toBe(all);
  });

  it("drops a second of frames where one of the two has a vertex that the other has not", async () => {
    const eastern = country("east", at(3000, 3000), at(0, 3000), at(0, -3000), at(3000, -3000));
    expect(drive(await setOf([WEST, eastern]))).toMatch(/^nnp{100,}o{6,20}p{100,}$/);
  });

  it("drops everything beyond the border of the last country", async () => {
    expect(drive(await setOf([WEST]))).toMatch(/^nnp{130,140}o+$/);
  });

  it("drops nothing where both were drawn on a Chinese map, and long edges are divided as they are converted", async () => {
    const drawnAt = (lonDeg: number, latDeg: number) => fromWgs84("gcj02", lonDeg, latDeg);
    const [south, north] = [drawnAt(116.0123, 39.0456), drawnAt(116.0987, 40.0321)];
    const header = { datum: "gcj02" };
    const western = country("west", drawnAt(115, 39), south, north, drawnAt(115, 40));
    const eastern = country("east", drawnAt(117, 39), drawnAt(117, 40), north, south);
    const zones = await setOf([western, eastern], header, drawnAt(115.5, 39.5));
    for (let share = 0.05; share < 1; share += 0.1) {
      const [lon, lat] = [0, 1].map((i) => (south[i] ?? 0) + share * ((north[i] ?? 0) - (south[i] ?? 0)));
      const [lonDeg, latDeg] = toWgs84("gcj02", lon ?? 0, lat ?? 0);
      expect(lookAround(zones, reachAt({ latDeg, lonDeg }, 50), 0).covered).toBe(true);
    }
  });
});
