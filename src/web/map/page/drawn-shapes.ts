import type { Polygon, Position } from "geojson";
import type { TerraDraw } from "terra-draw";
import { distanceFrom, planeAt } from "../../../core/plane.ts";
import type { EditGeometry } from "../edit/edit-request.ts";
import type { AreaOnMap } from "../map-state.ts";

/** What Terra Draw takes: a tenth of a millimetre. */
export const DECIMALS = 9;

const rounded = (position: Position): Position =>
  position.slice(0, 2).map((value) => Number(value.toFixed(DECIMALS)));

/** Each ring is a polygon of its own for Terra Draw, which knows no holes. */
export function addArea(draw: TerraDraw, { geometry, radiusM, box }: AreaOnMap): void {
  if (radiusM !== null) {
    const [west, south, east, north] = box;
    addPoint(draw, [(west + east) / 2, (south + north) / 2]);
    return;
  }
  const rings = geometry.coordinates.flatMap((part, partNumber) =>
    part.map((ring, ringNumber) => ({
      type: "Feature" as const,
      properties: { mode: "polygon", part: partNumber, ring: ringNumber },
      geometry: { type: "Polygon" as const, coordinates: [ring.map(rounded)] },
    })),
  );
  draw.addFeatures(rings);
}

export function addPoint(draw: TerraDraw, centre: Position): void {
  draw.addFeatures([
    {
      type: "Feature",
      properties: { mode: "point" },
      geometry: { type: "Point", coordinates: rounded(centre) },
    },
  ]);
}

export function selectFirst(draw: TerraDraw): void {
  const [first] = draw.getSnapshot();
  if (first?.id !== undefined) draw.selectFeature(first.id);
}

/** Handles are features, too. */
const shapesIn = (draw: TerraDraw) =>
  draw
    .getSnapshot()
    .filter(({ properties }) => properties["mode"] === "polygon" || properties["mode"] === "point");

export function centreOf(draw: TerraDraw): Position | null {
  const point = shapesIn(draw).find(({ geometry }) => geometry.type === "Point");
  return point?.geometry.type === "Point" ? point.geometry.coordinates : null;
}

export function geometryIn(draw: TerraDraw, radiusM: number | null): EditGeometry | null {
  const centre = centreOf(draw);
  if (radiusM !== null && centre !== null) return { kind: "circle", centre: pair(centre), radiusM };
  const parts = new Map<number, [number, number][][]>();
  for (const { geometry, properties } of shapesIn(draw)) {
    if (geometry.type !== "Polygon") continue;
    const part = Number(properties["part"] ?? 0);
    const rings = parts.get(part) ?? [];
    rings[Number(properties["ring"] ?? 0)] = (geometry.coordinates[0] ?? []).map(pair);
    parts.set(part, rings);
  }
  const polygons = [...parts.values()].map((rings) => rings.filter(Boolean));
  return polygons.length === 0 ? null : { kind: "polygons", polygons };
}

const pair = ([lon = 0, lat = 0]: Position): [number, number] => [lon, lat];

/** Terra Draw draws circles as they look on a Mercator map: the middle is that of the heights there. */
export function circleIn({ coordinates: [ring = []] }: Polygon) {
  const [lons, heights] = [ring.map(([lon = 0]) => lon), ring.map(([, lat = 0]) => heightOf(lat))];
  const middle = (values: readonly number[]) => (Math.min(...values) + Math.max(...values)) / 2;
  const centre = [middle(lons), latitudeOf(middle(heights))];
  const [lonDeg = 0, latDeg = 0] = centre;
  const east = { lonDeg: Math.max(...lons), latDeg };
  return { centre, radiusM: Math.max(1, Math.round(distanceFrom(planeAt({ lonDeg, latDeg }), east))) };
}

const heightOf = (latDeg: number) => Math.asinh(Math.tan((latDeg * Math.PI) / 180));
const latitudeOf = (height: number) => (Math.atan(Math.sinh(height)) * 180) / Math.PI;
