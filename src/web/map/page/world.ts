import type { Feature, FeatureCollection, Geometry, MultiPolygon, Position } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { boxOf } from "../area-geometry.ts";
import { collection } from "./collection.ts";

export type World = Topology<{
  readonly countries: GeometryCollection<{ readonly name: string }>;
  readonly land: GeometryCollection;
}>;

/** Land, borders and the names of countries, of Natural Earth, by the source that shows each. */
export async function fetchWorld(): Promise<readonly Layer[]> {
  return layersOf((await (await fetch("countries.json")).json()) as World);
}

/** By the name of the source that shows it. */
type Layer = readonly ["land" | "borders" | "countries", FeatureCollection];

export function layersOf(world: World): readonly Layer[] {
  const { countries, land } = world.objects;
  const borders = mesh(world, countries, (a, b) => a !== b);
  return [
    ["land", collection(feature(world, land).features.flatMap(flattened))],
    ["borders", collection([{ type: "Feature", properties: {}, geometry: borders }])],
    ["countries", collection(feature(world, countries).features.flatMap(flattened).flatMap(nameOf))],
  ];
}

/** Its areas run on over the antimeridian and round the south pole, as on a globe; a flat map needs a beginning and an end. */
function flattened<P>({ geometry, properties }: Feature<Geometry, P>): Feature<MultiPolygon, P>[] {
  if (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon") return [];
  const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const coordinates = parts.map((rings) => rings.map(flatRing));
  return [{ type: "Feature", properties, geometry: { type: "MultiPolygon", coordinates } }];
}

function flatRing(ring: Position[]): Position[] {
  const flat: Position[] = [];
  let turn = 0;
  for (const [i, [lon = 0, lat = 0]] of ring.entries()) {
    const step = i === 0 ? 0 : lon - (ring[i - 1]?.[0] ?? lon);
    if (step > 180) turn -= 360;
    else if (step < -180) turn += 360;
    flat.push([lon + turn, lat]);
  }
  const [first = 0, last = 0] = [flat[0]?.[0], flat.at(-1)?.[0]];
  // Antarctica does not come back to where it began.
  return Math.abs(last - first) < 180 ? flat : [...flat, [last, -90], [first, -90], flat[0] ?? []];
}

/** Once a country, in the middle of its largest part: names of areas would be repeated in every tile. */
function nameOf<P>({ geometry, properties }: Feature<MultiPolygon, P>): Feature<Geometry, P>[] {
  const boxes = geometry.coordinates.map((part) => boxOf({ type: "MultiPolygon", coordinates: [part] }));
  const size = ([west, south, east, north]: (typeof boxes)[number]) => (east - west) * (north - south);
  const [largest] = boxes.toSorted((a, b) => size(b) - size(a));
  if (largest === undefined) return [];
  const [west, south, east, north] = largest;
  const coordinates = [(west + east) / 2, (south + north) / 2];
  return [{ type: "Feature", properties, geometry: { type: "Point", coordinates } }];
}
