import { expect, it } from "vitest";
import { createGatekeeper } from "../../src/gate/gatekeeper.ts";
import { GatePolicy } from "../../src/gate/policy.ts";
import { UNKNOWN_HEADING } from "../../src/positioning/heading.ts";
import type { KnownReach } from "../../src/positioning/reach.ts";
import { Camera } from "../../src/sources/camera.ts";
import { compiledZoneSet } from "../../src/zones/compiled/compiled-zone-set.ts";
import { loadZoneBytes } from "../../src/zones/load-zones.ts";
import { freshnessAt, inPhase } from "../../src/zones/update/freshness.ts";
import { widenZones } from "../../src/zones/widen-zones.ts";
import { compileZoneSet } from "../../src/zones/zone-set.ts";
import { box, feature, zoneText } from "../kit/zones.ts";
import { bytesOf, judgedAt, placesNear, randomContent } from "./compiled/sets.ts";

const NOW_MS = Date.parse("2026-12-01T00:00:00Z");
const DAY_MS = 24 * 3600 * 1000;
const POLICY = { maxZoneAgeDays: 30, closeZoneAgeDays: 60, staleMarginM: 500 };

function setOf() {
  const near = feature({ id: "near", category: "other", standoffM: 25, viewM: 0 }, box(10, 50, 10.01, 50.01));
  const load = loadZoneBytes([{ file: "z", bytes: Buffer.from(zoneText([near])) }], { nowMs: NOW_MS });
  if (load.outcome !== "loaded") throw new Error("the set has mistakes");
  return compileZoneSet(load.content);
}

/** What the gate says of a place `northM` north of the zone. */
function verdictAt(set: ReturnType<typeof setOf>, northM: number): string {
  const camera = Camera.parse({ id: "front", yawDeg: 0, hfovDeg: 90 });
  const gate = createGatekeeper([camera], GatePolicy.parse({ seed: 1, marginM: 0 }), () => 0, 0);
  gate.useZones(set);
  const reach: KnownReach = {
    known: true,
    latDeg: 50.01 + northM / 111_229,
    lonDeg: 10.005,
    radiusM: 1,
    heading: UNKNOWN_HEADING,
  };
  const { verdict } = gate.judge(camera, reach, NOW_MS);
  return `${verdict.action} ${verdict.reason}`;
}

it("a set that is old reaches farther by its margin, in what the gate judges, and no farther", () => {
  const set = setOf();
  expect([15, 100, 515, 540].map((m) => verdictAt(set, m))).toEqual([
    "drop inside",
    ...Array(3).fill("pass clear"),
  ]);
  const wide = widenZones(set, 500);
  expect([15, 100, 515, 540].map((m) => verdictAt(wide, m))).toEqual([
    ...Array(3).fill("drop inside"),
    "pass clear",
  ]);
  expect(wide.zones[0]?.viewM).toBe(0);
  expect(wide.hash).toBe(set.hash);
});

it("a widened set judges as one of zones that were written so, compiled or not", () => {
  for (let seed = 0; seed < 10; seed++) {
    const content = randomContent(seed);
    const written = content.zones.map((zone) => ({
      ...zone,
      standoffM: zone.standoffM + 300,
      viewM: zone.viewM > 0 ? zone.viewM + 300 : 0,
    }));
    const places = placesNear(seed, 40);
    const expected = judgedAt(compileZoneSet({ ...content, zones: written }), places);
    expect(judgedAt(widenZones(compileZoneSet(content), 300), places)).toEqual(expected);
    expect(judgedAt(widenZones(compiledZoneSet(bytesOf(content)), 300), places)).toEqual(expected);
  }
});

it("a closed set drops every frame as expired, whatever the clock of the frames says", () => {
  const closed = inPhase(setOf(), "closed", NOW_MS + DAY_MS, POLICY);
  expect(verdictAt(closed, 5000)).toBe("drop zones-expired");
});

it.each([
  [0, "fresh"],
  [30 * DAY_MS - 1, "fresh"],
  [30 * DAY_MS, "widened"],
  [60 * DAY_MS - 1, "widened"],
  [60 * DAY_MS, "closed"],
  [Number.NaN, "closed"],
])("after %d ms a set is %s", (ageMs, phase) => {
  const times = { expiresMs: Infinity, confirmedMs: NOW_MS };
  expect(freshnessAt(NOW_MS + ageMs, times, POLICY).phase).toBe(phase);
});

it("its own expiry closes a set that is fresh", () => {
  const times = { expiresMs: NOW_MS + DAY_MS, confirmedMs: NOW_MS };
  expect(freshnessAt(NOW_MS + DAY_MS - 1, times, POLICY)).toMatchObject({
    phase: "fresh",
    untilMs: NOW_MS + DAY_MS,
  });
  expect(freshnessAt(NOW_MS + DAY_MS, times, POLICY).phase).toBe("closed");
});
