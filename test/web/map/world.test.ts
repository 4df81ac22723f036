import { readFileSync } from "node:fs";
import type { Position } from "geojson";
import { expect, it } from "vitest";
import type { World } from "../../../src/web/map/page/world.ts";
import { layersOf } from "../../../src/web/map/page/world.ts";

const layers = new Map(layersOf(JSON.parse(readFileSync("dist/map/countries.json", "utf8")) as World));

function landRings(): readonly Position[][] {
  return (layers.get("land")?.features ?? []).flatMap(({ geometry }) =>
    geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [],
  );
}

it("no coast jumps across the map where the antimeridian or the pole is, and all are closed", () => {
  const rings = landRings();
  expect(rings.length).toBeGreaterThan(1000);
  const steps = rings.flatMap((ring) =>
    ring.slice(1).map(([lon = 0, lat = 0], i) => (lat === -90 ? 0 : Math.abs(lon - (ring[i]?.[0] ?? lon)))),
  );
  // Along the pole a step goes all round the earth.
  expect(Math.max(...steps)).toBeLessThan(180);
  for (const ring of rings) expect(ring.at(-1)).toEqual(ring[0]);
});

it("each country is named once, about where it is", () => {
  const names = (layers.get("countries")?.features ?? []).map(({ properties, geometry }) => ({
    name: String(properties?.["name"]),
    at: geometry.type === "Point" ? geometry.coordinates : [],
  }));
  expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
  for (const [name, lon, lat] of [
    ["Russia", 105, 60],
    ["Fiji", 178, -18],
    ["France", 2, 46],
    ["Kenya", 38, 0],
  ] as const) {
    const [x = Number.NaN, y = Number.NaN] = names.find((each) => each.name === name)?.at ?? [];
    expect(Math.hypot(x - lon, y - lat), name).toBeLessThan(12);
  }
});
