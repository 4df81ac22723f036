import * as z from "zod";
import type { TrueRing, TrueShape } from "../drive.ts";
import { unwrapped } from "./shapes.ts";

const Tuple = z.array(z.number()).min(2);
const Polygon = z.array(z.array(Tuple).min(4)).min(1);
export const Geometry = z.discriminatedUnion("type", [
  z.object({ type: z.literal("Point"), coordinates: Tuple }),
  z.object({ type: z.literal("Polygon"), coordinates: Polygon }),
  z.object({ type: z.literal("MultiPolygon"), coordinates: z.array(Polygon).min(1) }),
]);

type LonLat = readonly [lonDeg: number, latDeg: number];
/** From the file's datum. */
export type ToWgs84 = (place: LonLat) => LonLat;

/** The shapes of a feature; null = the file is in WGS 84. */
export function shapesOf(
  geometry: z.infer<typeof Geometry>,
  radiusM: number,
  toWgs84: ToWgs84 | null,
): readonly TrueShape[] {
  const polygon = (rings: z.infer<typeof Polygon>): TrueShape => ({
    kind: "polygon",
    rings: rings.map((ring) => (toWgs84 === null ? ringOf(ring) : converted(ringOf(ring), toWgs84))),
  });
  switch (geometry.type) {
    case "Point": {
      const place = lonLat(geometry.coordinates);
      const [lonDeg, latDeg] = toWgs84 === null ? place : toWgs84(place);
      return [{ kind: "circle", lonDeg, latDeg, radiusM }];
    }
    case "Polygon":
      return [polygon(geometry.coordinates)];
    case "MultiPolygon":
      return geometry.coordinates.map(polygon);
    default:
      return geometry satisfies never;
  }
}

/** Edges are straight in the file's datum, and so not in WGS 84: pieces of them are, nearly. 0.0005° is some 50 m. */
const PIECE_DEG = 0.0005;

function converted(ring: TrueRing, toWgs84: ToWgs84): TrueRing {
  return ring.flatMap(([lon, lat], i) => {
    const [nextLon, nextLat] = ring[(i + 1) % ring.length] ?? [lon, lat];
    const pieces = Math.max(1, Math.ceil(Math.hypot(nextLon - lon, nextLat - lat) / PIECE_DEG));
    return Array.from({ length: pieces }, (_, piece) => {
      const share = piece / pieces;
      return toWgs84([lon + share * (nextLon - lon), lat + share * (nextLat - lat)]);
    });
  });
}

/** Without the closing vertex. */
function ringOf(ring: readonly (readonly number[])[]): TrueRing {
  return unwrapped(ring.slice(0, -1).map(lonLat));
}

function lonLat([lonDeg = Number.NaN, latDeg = Number.NaN]: readonly number[]): LonLat {
  return [lonDeg, latDeg];
}
