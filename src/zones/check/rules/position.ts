import { isPositionTuple } from "../../position-tuple.ts";
import type { Check } from "../rule.ts";
import { show } from "../show.ts";

export const position: Check<[position: unknown]> = {
  id: "position",
  severity: "error",
  asks: "A position is a longitude and a latitude in degrees, and, if need be, an altitude.",
  remedy: "write two finite numbers of degrees",
  check(value) {
    if (isPositionTuple(value)) return null;
    const [lonDeg, latDeg]: readonly unknown[] = Array.isArray(value) ? value : [];
    return {
      got: show(value),
      expected: "[longitude from -180 to 180, latitude from -90 to 90] and, if need be, an altitude",
      ...adviceFor(lonDeg, latDeg),
    };
  },
};

function adviceFor(lonDeg: unknown, latDeg: unknown): { readonly advice?: string } {
  if (!isPositionTuple([lonDeg, latDeg]) && isPositionTuple([latDeg, lonDeg]))
    return {
      advice: "write the longitude first; if this is latitude and longitude, swap them in the whole file",
    };
  if ([lonDeg, latDeg].some((deg) => typeof deg === "number" && Math.abs(deg) > 1000))
    return {
      advice: "these look like metres of a map projection: export as EPSG:4326, or ogr2ogr -t_srs EPSG:4326",
    };
  if (typeof lonDeg === "number" && Math.abs(lonDeg) > 180 && isPositionTuple([aroundDeg(lonDeg), latDeg]))
    return { advice: `west or east of the antimeridian: write the longitude as ${aroundDeg(lonDeg)}` };
  return {};
}

const aroundDeg = (lonDeg: number) => Number((lonDeg - 360 * Math.sign(lonDeg)).toFixed(9));
