import gcoordModule from "gcoord";
import { isInChina } from "./china.ts";
import type { Ring, Shape } from "./zone.ts";
import type { Datum } from "./zone-file.ts";

// Its types describe an ES module, the package is CommonJS: what they call the default export is the module itself.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
const gcoord = gcoordModule as unknown as typeof gcoordModule.default;

/** The two Chinese datums, whose offset from WGS 84 changes from place to place. */
export type ChineseDatum = Exclude<Datum, "wgs84">;

/**
 * Added to `standoffM`, and to a `viewM` above 0, of zones that were converted. What it must cover, as measured by
 * `test/zones/datum.test.ts`: 0.73 m against 332 places in all three datums (the published formula is not the official
 * one), a millimetre for going there and back, 0.15 m for the edges between converted vertices.
 */
export const DATUM_MARGIN_M = 2;

/**
 * Longer edges are divided before the conversion, since a straight line in a Chinese datum is none in WGS 84: BD-09
 * waves by tens of metres every 0.12°, so that the chord of a 1 km edge is up to 3.5 m off, of a 200 m edge 0.15 m.
 */
const MAX_EDGE_M = 200;

/** Metres in a degree of latitude, and of longitude at the equator, at least. */
const M_PER_DEG = 111_320;

/** `[lon, lat]` in WGS 84 to `[lon, lat]` in a Chinese datum, by the formula that everyone uses. */
export function fromWgs84(datum: ChineseDatum, lonDeg: number, latDeg: number): readonly [number, number] {
  const to = datum === "gcj02" ? gcoord.GCJ02 : gcoord.BD09;
  return gcoord.transform<[number, number]>([lonDeg, latDeg], gcoord.WGS84, to);
}

/**
 * `[lon, lat]` in a Chinese datum to `[lon, lat]` in WGS 84: what `fromWgs84` takes there. The formula has no inverse of its
 * own, and gcoord's for BD-09 is up to 0.33 m off; the offset changes so slowly from place to place that each round here
 * leaves a hundredth of the error (a contraction), so that a few leave nothing.
 */
export function toWgs84(datum: ChineseDatum, lonDeg: number, latDeg: number): readonly [number, number] {
  const from = datum === "gcj02" ? gcoord.GCJ02 : gcoord.BD09;
  let [lon, lat] = gcoord.transform<[number, number]>([lonDeg, latDeg], from, gcoord.WGS84);
  for (let round = 0; round < INVERSE_ROUNDS; round++) {
    const [thereLon, thereLat] = fromWgs84(datum, lon, lat);
    lon += lonDeg - thereLon;
    lat += latDeg - thereLat;
  }
  return [lon, lat];
}

const INVERSE_ROUNDS = 4;

/** The same shape in WGS 84. It must lie in China (`firstOutsideChina`); holes are converted like shells. */
export function convertShape(shape: Shape, datum: ChineseDatum): Shape {
  if (shape.kind === "polygon")
    return { kind: "polygon", rings: shape.rings.map((ring) => convertRing(ring, datum)) };
  const [lonDeg, latDeg] = toWgs84(datum, shape.lonDeg, shape.latDeg);
  return { ...shape, lonDeg, latDeg };
}

/** The first vertex that no file in a Chinese datum can have, or null when all are in China. */
export function firstOutsideChina(shape: Shape): { readonly lonDeg: number; readonly latDeg: number } | null {
  if (shape.kind === "circle") return isInChina(shape.lonDeg, shape.latDeg) ? null : shape;
  for (const ring of shape.rings) {
    for (let at = 0; at < ring.length; at += 2) {
      const [lonDeg = 0, latDeg = 0] = [ring[at], ring[at + 1]];
      if (!isInChina(lonDeg, latDeg)) return { lonDeg, latDeg };
    }
  }
  return null;
}

function convertRing(ring: Ring, datum: ChineseDatum): Ring {
  const converted: number[] = [...toWgs84(datum, ring[0] ?? 0, ring[1] ?? 0)];
  for (let at = 0; at + 3 < ring.length; at += 2) {
    const [ax = 0, ay = 0, bx = 0, by = 0] = [ring[at], ring[at + 1], ring[at + 2], ring[at + 3]];
    const pieces = Math.max(1, Math.ceil(edgeM(ax, ay, bx, by) / MAX_EDGE_M));
    for (let piece = 1; piece < pieces; piece++) {
      // The same to the bit whichever way the edge is drawn: areas may share it.
      const [toA, toB] = [(pieces - piece) / pieces, piece / pieces];
      converted.push(...toWgs84(datum, toA * ax + toB * bx, toA * ay + toB * by));
    }
    converted.push(...toWgs84(datum, bx, by));
  }
  return Float64Array.from(converted);
}

function edgeM(ax: number, ay: number, bx: number, by: number): number {
  const eastM = (bx - ax) * M_PER_DEG * Math.cos((((ay + by) / 2) * Math.PI) / 180);
  return Math.hypot(eastM, (by - ay) * M_PER_DEG);
}
