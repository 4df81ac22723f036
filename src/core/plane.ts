import type { Position } from "./position.ts";

/** WGS 84 (NIMA TR8350.2, table 3.1): semi-major axis and first eccentricity squared. */
const SEMI_MAJOR_M = 6_378_137;
const FLATTENING = 1 / 298.257_223_563;
const ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING);
const RAD = Math.PI / 180;

/** Beyond this latitude a degree of longitude is under 2 km long and no road leads there. */
export const MAX_PLANE_LAT_DEG = 89;

/**
 * A metric plane around one place: `x = (lon − lonDeg)·xPerDeg` east, `y = (lat − latDeg)·yPerDeg` north, in
 * metres. It maps lines that are straight in longitude and latitude to straight lines. Distances from the
 * origin are corrected to the ellipsoid by the mid-latitude formula (see `lengthSquared`).
 */
export interface Plane extends Position {
  /** Metres per degree of longitude and of latitude at the origin. */
  readonly xPerDeg: number;
  readonly yPerDeg: number;
  /** How `x` shrinks and `y` grows with `y`, from the origin's latitude to the middle of the way: per metre, per metre². */
  readonly xPerY: number;
  readonly xPerYY: number;
  readonly yPerY: number;
}

/** The plane whose origin is `at`. NaN coordinates give a plane of NaN, whose every comparison is false. */
export function planeAt({ latDeg, lonDeg }: Position): Plane {
  const sin = Math.sin(latDeg * RAD);
  const cos = Math.cos(latDeg * RAD);
  const w2 = 1 / (1 - ECCENTRICITY_2 * sin * sin);
  const primeVerticalM = SEMI_MAJOR_M * Math.sqrt(w2); // N, radius of curvature across the meridian
  const meridianM = primeVerticalM * (1 - ECCENTRICITY_2) * w2; // M, along it
  return {
    latDeg,
    lonDeg,
    xPerDeg: primeVerticalM * cos * RAD,
    yPerDeg: meridianM * RAD,
    // d(N cos φ)/dφ = −M sin φ, taken half way (Rapp, Geometric Geodesy I, § 3; Bowring 1981, mid-latitude).
    xPerY: -sin / (2 * primeVerticalM * cos),
    xPerYY: -1 / (8 * primeVerticalM * meridianM),
    yPerY: (0.75 * ECCENTRICITY_2 * 2 * sin * cos * w2) / meridianM,
  };
}

/**
 * Square of the distance on the ellipsoid from the origin to the plane's point (x, y), m². The distance is too
 * long by up to `excessM`, or too short by a fraction of that.
 */
export function lengthSquared(plane: Plane, x: number, y: number): number {
  const east = x * (1 + y * (plane.xPerY + y * plane.xPerYY));
  const north = y * (1 + y * plane.yPerY);
  return east * east + north * north;
}

/**
 * By how much `lengthSquared` may be too long at a distance d, and that to an edge, whose nearest place in the plane
 * is not quite the nearest on the ellipsoid: d³·(1 + tan² φ) / 24 R² of the one (the next term of the series), four
 * times that of both; a micrometre for rounding. A distance less its excess grows with the distance: clearances rest
 * on that. 50 km away from the poles the tests hold 1/5 for 1/6.
 */
export function excessM(plane: Plane, distanceM: number): number {
  // tan² φ / R² and 1 / R², as far as the plane knows them.
  const perM2 = 4 * plane.xPerY * plane.xPerY - 8 * plane.xPerYY;
  // Farther than a plane is good for, half the distance is said to be doubtful.
  return distanceM * Math.min(0.5, (distanceM * distanceM * perM2) / 5) + 1e-6;
}

/** By how much, relatively, a distance up to `limitM` in the plane may differ from that on the ellipsoid. */
export function bend(plane: Plane, limitM: number): number {
  return Math.min(0.9, 2 * limitM * (Math.abs(plane.xPerY) + 1e-9) + 1e-9);
}

/** Distance on the ellipsoid from the plane's origin, metres; the shorter way round over the antimeridian. */
export function distanceFrom(plane: Plane, to: Position): number {
  const x = wrapDeg(to.lonDeg - plane.lonDeg) * plane.xPerDeg;
  return Math.sqrt(lengthSquared(plane, x, (to.latDeg - plane.latDeg) * plane.yPerDeg));
}

/** An angle in degrees brought into [−180, 180). */
export function wrapDeg(deg: number): number {
  if (deg >= -180 && deg < 180) return deg;
  return ((((deg + 180) % 360) + 360) % 360) - 180;
}

/** The place `eastM`, `northM` metres from the plane's origin (small against the earth's radius). */
export function placeAt(plane: Plane, eastM: number, northM: number): Position {
  return {
    latDeg: plane.latDeg + northM / plane.yPerDeg,
    lonDeg: wrapDeg(plane.lonDeg + eastM / plane.xPerDeg),
  };
}
