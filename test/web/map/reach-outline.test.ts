import { expect, it } from "vitest";
import { loadZones } from "../../../src/zones/load-zones.ts";
import type { Zone } from "../../../src/zones/zone.ts";
import { reachesOf } from "../../../src/web/map/reach-outline.ts";
import { circleRing } from "../../../src/web/map/area-geometry.ts";
import { geodesicM, geodesicToShape } from "../../zones/geodesic.ts";
import { box, feature, zoneFile } from "../../kit/zones.ts";

async function zoneOf(path: string, number = 0): Promise<Zone> {
  const load = await loadZones([path], { nowMs: Date.UTC(2026, 6, 1) });
  const zone = load.outcome === "loaded" ? load.content.zones[number] : undefined;
  if (zone === undefined) throw new Error("the test's own file is wrong");
  return zone;
}

const shapes: readonly (readonly [string, unknown])[] = [
  ["a box", feature({ id: "a", category: "military" }, box(11, 50, 11.01, 50.01))],
  ["a box far north", feature({ id: "a", category: "military" }, box(25, 70, 25.02, 70.01))],
  [
    "a box over the antimeridian",
    feature({ id: "a", category: "military" }, box(179.995, -17, -179.995, -16.99)),
  ],
  [
    "a box west of the antimeridian",
    feature({ id: "a", category: "military" }, box(-179.9999, -17, -179.99, -16.99)),
  ],
  [
    "two boxes and a hole",
    feature(
      { id: "a", category: "military" },
      [[...box(11, 50, 11.03, 50.02), ...box(11.01, 50.008, 11.02, 50.012)], box(11.05, 50, 11.06, 50.01)],
      "MultiPolygon",
    ),
  ],
  ["a circle", feature({ id: "a", category: "military", radiusM: 300 }, [11, 50], "Point")],
];

it.each(shapes)(
  "standoff and view range of %s are drawn to within 1 %% of where they are",
  async (_, made) => {
    const zone = await zoneOf(zoneFile([made]));
    for (const which of ["standoff", "view"] as const) {
      const distanceM = which === "standoff" ? zone.standoffM : zone.viewM;
      const outline = reachesOf(zone)[which];
      const corners = (outline?.coordinates ?? []).flat(2);
      expect(corners.length).toBeGreaterThan(20);
      for (const [lonDeg = Number.NaN, latDeg = Number.NaN] of corners) {
        const nearestM = Math.min(...zone.shapes.map((shape) => geodesicToShape(shape, { lonDeg, latDeg })));
        expect(Math.abs(nearestM - distanceM) / distanceM).toBeLessThan(0.01);
      }
    }
  },
);

it("a circle's corners are at its radius on the ellipsoid", () => {
  for (const latDeg of [0, 45, -70])
    for (const radiusM of [1, 300, 20_000]) {
      const centre = { lonDeg: 20, latDeg };
      for (const [lonDeg = 0, lat = 0] of circleRing(centre, radiusM))
        expect(Math.abs(geodesicM(centre, { lonDeg, latDeg: lat }) / radiusM - 1)).toBeLessThan(1e-4);
    }
});

it("a zone without a standoff has none drawn, and a view range within the standoff is none", async () => {
  const zone = await zoneOf(
    zoneFile([feature({ id: "a", category: "other", standoffM: 0, viewM: 0 }, box(1, 1, 1.1, 1.1))]),
  );
  expect(reachesOf(zone)).toEqual({ standoff: null, view: null });
});
