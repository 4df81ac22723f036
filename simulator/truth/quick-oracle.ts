import { planeAt, wrapDeg } from "../../src/core/plane.ts";
import type { Plane } from "../../src/core/plane.ts";
import type { Camera } from "../../src/sources/camera.ts";
import type { TrueZone, Truth, ZoneSetTruth } from "../drive.ts";
import { flatten } from "./flat.ts";
import type { Leak } from "./oracle.ts";
import { createOracle } from "./oracle.ts";
import { isInForce } from "./times.ts";

/**
 * The oracle's answers, faster: zones lie in one plane around the start of the drive, and only where that plane's
 * distortion could matter is the oracle asked itself.
 */
export interface QuickOracle {
  /** Why a frame that was taken there may not be released so; null when it may. */
  leak(zones: ZoneSetTruth, truth: Truth, camera: Camera, released: "pass" | "blur"): Leak | null;
  /** Whether a frame that was taken there may not pass. */
  restricts(zones: ZoneSetTruth, truth: Truth, camera: Camera): boolean;
}

/** Within 10 km of the origin and 70° of latitude the plane is off by less than this share, and by less than this. */
const OFF_SHARE = 0.01;
const OFF_M = 1;
const FAR_M = 10_000;
const MAX_LAT_DEG = 71;

interface FlatZone {
  readonly zone: TrueZone;
  /** A polygon each: `ax, ay, bx, by` an edge. */
  readonly polygons: readonly Float64Array[];
  readonly circles: readonly { readonly x: number; readonly y: number; readonly radiusM: number }[];
  readonly box: readonly [west: number, south: number, east: number, north: number];
}

export function createQuickOracle(origin: Truth): QuickOracle {
  const exact = createOracle();
  const plane = planeAt(origin);
  const flat = new WeakMap<ZoneSetTruth, readonly FlatZone[]>();
  let clear: {
    readonly zones: ZoneSetTruth;
    readonly x: number;
    readonly y: number;
    readonly byM: number;
  } | null = null;

  function zonesOf(set: ZoneSetTruth): readonly FlatZone[] {
    const own = flat.get(set) ?? set.zones.map((zone) => flatZone(zone, plane));
    flat.set(set, own);
    return own;
  }

  function look(
    set: ZoneSetTruth,
    truth: Truth,
    camera: Camera,
    released: "pass" | "blur",
  ): "yes" | "no" | "maybe" {
    const x = wrapDeg(truth.lonDeg - plane.lonDeg) * plane.xPerDeg;
    const y = (truth.latDeg - plane.latDeg) * plane.yPerDeg;
    // Written so that NaN asks the oracle.
    if (!(Math.hypot(x, y) < FAR_M && Math.abs(truth.latDeg) < MAX_LAT_DEG)) return "maybe";
    if (clear?.zones === set && Math.hypot(x - clear.x, y - clear.y) < clear.byM) return "no";
    const eye = eyeOf(camera, truth.headingDeg, x, y);
    let byM = Infinity;
    let answer: "yes" | "no" | "maybe" = "no";
    for (const each of zonesOf(set)) {
      const { zone } = each;
      const farthestM = Math.max(zone.standoffM, zone.viewM);
      const awayM = nearest(each, eye, farthestM * (1 + 2 * OFF_SHARE) + 100);
      byM = Math.min(byM, surely(awayM) - farthestM);
      if (zone.action === "blur" && released === "blur") continue;
      if (zone.cameras !== null && !zone.cameras.includes(camera.id)) continue;
      if (!isInForce(zone, truth.timeMs)) continue;
      const found = restricts(zone, camera, eye, awayM);
      if (found === "yes" || answer === "no") answer = found;
      if (answer === "yes") break;
    }
    // A zone that was not looked at may be near.
    clear = answer === "no" && byM > 0 ? { zones: set, x, y, byM: byM / (1 + OFF_SHARE) } : null;
    return answer;
  }

  return {
    leak: (set, truth, camera, released) =>
      look(set, truth, camera, released) === "no" ? null : exact.leak(set, truth, camera, released),
    restricts(set, truth, camera) {
      const answer = look(set, truth, camera, "pass");
      return answer === "maybe" ? exact.leak(set, truth, camera, "pass") !== null : answer === "yes";
    },
  };
}

/** A camera in the plane, and what is nearest to it of the zone that was looked at last. */
interface Eye {
  readonly x: number;
  readonly y: number;
  readonly axisX: number;
  readonly axisY: number;
  readonly cosSurely: number;
  /** Unit vectors of the sides, a little wider than they are. */
  readonly leftX: number;
  readonly leftY: number;
  readonly rightX: number;
  readonly rightY: number;
  readonly isConvex: boolean;
  nearX: number;
  nearY: number;
  /** All that was looked at lies on the outer side of one side's line. */
  allLeft: boolean;
  allRight: boolean;
}

/** Degrees by which directions in the plane may be off. */
const OFF_DEG = 1;
/** … with a place that is off by a metre, this far away or farther. */
const SURE_DEG = 4;
const SURE_M = 25;

function eyeOf({ yawDeg, hfovDeg }: Camera, headingDeg: number, x: number, y: number): Eye {
  const rad = Math.PI / 180;
  const axis = (headingDeg + yawDeg) * rad;
  const half = (hfovDeg / 2) * rad;
  const wide = half + OFF_DEG * rad;
  return {
    x,
    y,
    axisX: Math.sin(axis),
    axisY: Math.cos(axis),
    cosSurely: half >= Math.PI ? -2 : Math.cos(Math.max(0, half - SURE_DEG * rad)),
    leftX: Math.sin(axis - wide),
    leftY: Math.cos(axis - wide),
    rightX: Math.sin(axis + wide),
    rightY: Math.cos(axis + wide),
    isConvex: wide < Math.PI / 2,
    nearX: 0,
    nearY: 0,
    allLeft: true,
    allRight: true,
  };
}

function restricts(zone: TrueZone, camera: Camera, eye: Eye, awayM: number): "yes" | "no" | "maybe" {
  if (awayM * (1 + OFF_SHARE) + OFF_M < zone.standoffM) return "yes";
  const rangeM = Math.min(zone.viewM, camera.rangeM);
  if (surely(awayM) > zone.standoffM) {
    if (surely(awayM) > rangeM) return "no";
    if (eye.isConvex && awayM > OFF_M && (eye.allLeft || eye.allRight)) return "no";
  }
  const ahead = eye.nearX * eye.axisX + eye.nearY * eye.axisY;
  const isNear = awayM * (1 + OFF_SHARE) + OFF_M < rangeM;
  return isNear && awayM > SURE_M && ahead > eye.cosSurely * awayM ? "yes" : "maybe";
}

/** What a distance in the plane is at least. */
function surely(awayM: number): number {
  return awayM * (1 - OFF_SHARE) - OFF_M;
}

/** Metres in the plane, 0 inside; any number over `limitM` for more than that. */
function nearest({ polygons, circles, box }: FlatZone, eye: Eye, limitM: number): number {
  const { x, y } = eye;
  eye.allLeft = eye.allRight = true;
  const boxM = Math.hypot(Math.max(0, box[0] - x, x - box[2]), Math.max(0, box[1] - y, y - box[3]));
  if (boxM > limitM) return boxM;
  let nearestM = Infinity;
  for (const edges of polygons) nearestM = Math.min(nearestM, polygonM(edges, eye, nearestM));
  for (const circle of circles) nearestM = Math.min(nearestM, circleM(circle, eye, nearestM));
  return nearestM;
}

function circleM(circle: FlatZone["circles"][number], eye: Eye, soFarM: number): number {
  const [dx, dy] = [circle.x - eye.x, circle.y - eye.y];
  const centreM = Math.hypot(dx, dy);
  const awayM = Math.max(0, centreM - circle.radiusM);
  if (awayM < soFarM) [eye.nearX, eye.nearY] = [(dx * awayM) / centreM, (dy * awayM) / centreM];
  if (eye.leftX * dy - eye.leftY * dx <= circle.radiusM + OFF_M) eye.allLeft = false;
  if (eye.rightY * dx - eye.rightX * dy <= circle.radiusM + OFF_M) eye.allRight = false;
  return awayM;
}

function polygonM(edges: Float64Array, eye: Eye, soFarM: number): number {
  const { x, y } = eye;
  let nearest2 = Infinity;
  let [nearX, nearY] = [0, 0];
  let isIn = false;
  for (let i = 0; i < edges.length; i += 4) {
    const ax = (edges[i] ?? 0) - x;
    const ay = (edges[i + 1] ?? 0) - y;
    const dx = (edges[i + 2] ?? 0) - x - ax;
    const dy = (edges[i + 3] ?? 0) - y - ay;
    if (eye.leftX * ay - eye.leftY * ax <= OFF_M) eye.allLeft = false;
    if (eye.rightY * ax - eye.rightX * ay <= OFF_M) eye.allRight = false;
    if (ay > 0 !== ay + dy > 0 && ax - (ay * dx) / dy > 0) isIn = !isIn;
    const along = -(ax * dx + ay * dy) / (dx * dx + dy * dy);
    const t = along > 0 ? Math.min(1, along) : 0;
    const px = ax + t * dx;
    const py = ay + t * dy;
    const away2 = px * px + py * py;
    if (away2 >= nearest2) continue;
    nearest2 = away2;
    nearX = px;
    nearY = py;
  }
  const awayM = isIn ? 0 : Math.sqrt(nearest2);
  if (awayM < soFarM) [eye.nearX, eye.nearY] = [nearX, nearY];
  return awayM;
}

function flatZone(zone: TrueZone, plane: Plane): FlatZone {
  const shapes = zone.shapes.map((shape) => flatten(shape, plane));
  const polygons = shapes.flatMap((shape) =>
    shape.kind === "circle" ? [] : [Float64Array.from(shape.rings.flatMap(edgesOfRing))],
  );
  const circles = shapes.flatMap((shape) =>
    shape.kind === "circle" ? [{ x: shape.centre[0], y: shape.centre[1], radiusM: shape.radiusM }] : [],
  );
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (x: number, y: number): void => {
    [box[0], box[1]] = [Math.min(box[0], x), Math.min(box[1], y)];
    [box[2], box[3]] = [Math.max(box[2], x), Math.max(box[3], y)];
  };
  for (const edges of polygons)
    for (let i = 0; i < edges.length; i += 2) take(edges[i] ?? 0, edges[i + 1] ?? 0);
  for (const { x, y, radiusM } of circles) {
    take(x - radiusM, y - radiusM);
    take(x + radiusM, y + radiusM);
  }
  return { zone, polygons, circles, box };
}

function edgesOfRing(ring: readonly (readonly [number, number])[]): readonly number[] {
  return ring.flatMap(([x, y], i) => {
    const [bx, by] = ring[(i + 1) % ring.length] ?? [x, y];
    return [x, y, bx, by];
  });
}
