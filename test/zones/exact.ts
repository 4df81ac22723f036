import type { Position } from "../../src/core/position.ts";
import type { Ring, Shape } from "../../src/zones/zone.ts";

/** Exact arithmetic on the doubles themselves: every coordinate is an integer in units of 2⁻¹²⁰ degrees. */
const UNITS_PER_DEG = 2 ** 120;

export type Side = "inside" | "edge" | "outside";

/**
 * Where a place is to a polygon, by the even-odd rule, without rounding; a place on any edge is on the edge. It is
 * taken at its longitude and a turn to either side.
 */
export function exactSide(rings: readonly Ring[], { latDeg, lonDeg }: Position): Side {
  const exact = rings.map((ring) => Array.from(ring, exactly));
  const [turn, lat] = [exactly(360), exactly(latDeg)];
  const sides = [-1n, 0n, 1n].map((turns) => sideOf(exact, exactly(lonDeg) + turns * turn, lat));
  return sides.find((side) => side === "inside") ?? sides.find((side) => side === "edge") ?? "outside";
}

/** The side of a shape that is joined of polygons. */
export function exactSideOfAll(shapes: readonly Shape[], place: Position): Side {
  const sides = shapes.map((shape) =>
    shape.kind === "polygon" ? exactSide(shape.rings, place) : ("outside" as const),
  );
  return sides.find((side) => side === "inside") ?? sides.find((side) => side === "edge") ?? "outside";
}

/** Degrees from a place to the nearest line through two ends of an edge; no farther than to any edge. */
export function offLinesDeg(rings: readonly Ring[], { latDeg, lonDeg }: Position): number {
  let least = Infinity;
  for (const ring of rings) {
    for (let v = 0; v + 3 < ring.length; v += 2) {
      const [aLon = 0, aLat = 0, bLon = 0, bLat = 0] = ring.subarray(v, v + 4);
      const dx = exactly(bLon) - exactly(aLon);
      const dy = exactly(bLat) - exactly(aLat);
      const turn = dx * (exactly(latDeg) - exactly(aLat)) - dy * (exactly(lonDeg) - exactly(aLon));
      const length = Math.hypot(bLon - aLon, bLat - aLat);
      if (length > 0) least = Math.min(least, Math.abs(Number(turn) / UNITS_PER_DEG ** 2) / length);
    }
  }
  return least;
}

function exactly(deg: number): bigint {
  const units = deg * UNITS_PER_DEG;
  if (!Number.isInteger(units)) throw new Error(`got ${deg}, expected a multiple of 2⁻¹²⁰`);
  return BigInt(units);
}

function sideOf(rings: readonly (readonly bigint[])[], x: bigint, y: bigint): Side {
  let inside = false;
  for (const ring of rings) {
    for (let v = 0; v + 3 < ring.length; v += 2) {
      const [ax = 0n, ay = 0n, bx = 0n, by = 0n] = ring.slice(v, v + 4);
      const turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
      if (turn === 0n && isBetween(ax, x, bx) && isBetween(ay, y, by)) return "edge";
      if (ay > y !== by > y && turn > 0n === by > ay) inside = !inside;
    }
  }
  return inside ? "inside" : "outside";
}

function isBetween(a: bigint, x: bigint, b: bigint): boolean {
  return a < b ? a <= x && x <= b : b <= x && x <= a;
}
