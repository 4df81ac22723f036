import { buffer, featureCollection, multiPolygon, union } from "@turf/turf";
import type { MultiPolygon } from "geojson";
import { middleOf } from "../../zones/outline.ts";
import type { Shape, Zone } from "../../zones/zone.ts";
import { circleRing, geometryOf } from "./area-geometry.ts";
import type { Reaches } from "./map-state.ts";

/** Quarter circles at corners are drawn by so many chords. */
const STEPS = 16;

/**
 * The places within the standoff and the view range of a zone. For show only: Turf's buffer is spherical and up to a
 * hundredth of the distance off; the guard measures each distance by itself, on the ellipsoid.
 */
export function reachesOf({ shapes, standoffM, viewM }: Zone): Reaches {
  return {
    standoff: standoffM > 0 ? grown(shapes, standoffM) : null,
    view: viewM > standoffM ? grown(shapes, viewM) : null,
  };
}

function grown(shapes: readonly Shape[], byM: number): MultiPolygon | null {
  const parts = shapes.flatMap((shape) => grownShape(shape, byM) ?? []);
  const [first] = parts;
  if (first === undefined) return null;
  if (parts.length === 1) return first;
  const joined = union(featureCollection(parts.map(({ coordinates }) => multiPolygon(coordinates))));
  return joined === null ? null : asMulti(joined.geometry);
}

function grownShape(shape: Shape, byM: number): MultiPolygon | null {
  if (shape.kind === "circle")
    return { type: "MultiPolygon", coordinates: [[circleRing(shape, shape.radiusM + byM)]] };
  const area = multiPolygon(geometryOf([shape]).coordinates);
  const grownArea = buffer(area, byM, { units: "meters", steps: STEPS });
  return grownArea === undefined ? null : besideArea(asMulti(grownArea.geometry), middleOf([shape]).lonDeg);
}

type Grown = MultiPolygon | { readonly type: "Polygon"; readonly coordinates: number[][][] };

const asMulti = (geometry: Grown): MultiPolygon =>
  geometry.type === "MultiPolygon" ? geometry : { type: "MultiPolygon", coordinates: [geometry.coordinates] };

/** Turf gives longitudes within ±180: those beyond the antimeridian go back to where the area is. */
function besideArea({ coordinates }: MultiPolygon, lonDeg: number): MultiPolygon {
  const beside = (lon: number) => lon + 360 * Math.round((lonDeg - lon) / 360);
  return {
    type: "MultiPolygon",
    coordinates: coordinates.map((rings) =>
      rings.map((ring) => ring.map(([lon = 0, lat = 0]) => [beside(lon), lat])),
    ),
  };
}
