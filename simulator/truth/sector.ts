import type { Plane } from "../../src/core/plane.ts";
import { wrapDeg } from "../../src/core/plane.ts";
import type { Camera } from "../../src/sources/camera.ts";
import type { TrueShape } from "../drive.ts";
import type { Spot } from "./flat.ts";
import { edgesOf, flatten, holdsVehicle, nearestOn } from "./flat.ts";

/** What a camera sees: all within `rangeM` whose bearing is within `halfDeg` of `axisDeg`. */
export interface Sector {
  readonly axisDeg: number;
  readonly halfDeg: number;
  readonly rangeM: number;
}

export function sectorOf({ yawDeg, hfovDeg }: Camera, headingDeg: number, rangeM: number): Sector {
  return { axisDeg: headingDeg + yawDeg, halfDeg: hfovDeg / 2, rangeM };
}

/** How far the sector, as it is moved about, is from the shape; 0 where the camera sees some of it. */
export function sectorDistanceM(sector: Sector, shape: TrueShape, plane: Plane): number {
  const flat = flatten(shape, plane);
  if (flat.kind === "circle") return Math.max(0, spotToSector(sector, flat.centre) - flat.radiusM);
  if (holdsVehicle(flat.rings)) return 0;
  let least = Infinity;
  for (const [a, b] of edgesOf(flat.rings)) least = Math.min(least, segmentToSector(sector, a, b));
  return least;
}

/** Two sets that do not meet are nearest at a corner of the one, or where a radius meets the arc. */
function segmentToSector(sector: Sector, a: Spot, b: Spot): number {
  const nearest = nearestOn(a, b);
  const [left, right] = sidesOf(sector);
  if (crosses(a, b, left) || crosses(a, b, right)) return 0;
  return Math.min(
    spotToSector(sector, a),
    spotToSector(sector, b),
    spotToSector(sector, nearest),
    spotToSegment([0, 0], a, b),
    spotToSegment(left, a, b),
    spotToSegment(right, a, b),
  );
}

function spotToSector(sector: Sector, spot: Spot): number {
  const awayM = Math.hypot(spot[0], spot[1]);
  if (awayM === 0 || isWithin(sector, spot)) return Math.max(0, awayM - sector.rangeM);
  const [left, right] = sidesOf(sector);
  return Math.min(spotToSegment(spot, [0, 0], left), spotToSegment(spot, [0, 0], right));
}

function isWithin({ axisDeg, halfDeg }: Sector, [x, y]: Spot): boolean {
  return Math.abs(wrapDeg((Math.atan2(x, y) * 180) / Math.PI - axisDeg)) <= halfDeg;
}

function sidesOf({ axisDeg, halfDeg, rangeM }: Sector): readonly [Spot, Spot] {
  const end = (deg: number): Spot => {
    const bearing = (deg * Math.PI) / 180;
    return [rangeM * Math.sin(bearing), rangeM * Math.cos(bearing)];
  };
  return [end(axisDeg - halfDeg), end(axisDeg + halfDeg)];
}

function spotToSegment(spot: Spot, a: Spot, b: Spot): number {
  const [x, y] = nearestOn(a, b, spot);
  return Math.hypot(x - spot[0], y - spot[1]);
}

/** Whether a–b crosses the way from the vehicle to `end`. */
function crosses([ax, ay]: Spot, [bx, by]: Spot, [ex, ey]: Spot): boolean {
  const sideA = ex * ay - ey * ax;
  const sideB = ex * by - ey * bx;
  const ofOrigin = (bx - ax) * -ay - (by - ay) * -ax;
  const ofEnd = (bx - ax) * (ey - ay) - (by - ay) * (ex - ax);
  return sideA > 0 !== sideB > 0 && ofOrigin > 0 !== ofEnd > 0;
}
