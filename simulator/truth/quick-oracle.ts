import { planeAt, wrapDeg } from "../../src/core/plane.ts";
import type { Camera } from "../../src/sources/camera.ts";
import type { TrueZone, Truth, ZoneSetTruth } from "../drive.ts";
import type { Eye, FlatZone } from "./flat-zone.ts";
import { SURE_M, eyeAt, flatZone, nearestM } from "./flat-zone.ts";
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

/** Whether a zone forbids to release a frame so; maybe = as far as the plane can tell. */
export type QuickLook = (
  zones: ZoneSetTruth,
  truth: Truth,
  camera: Camera,
  released: "pass" | "blur",
) => "yes" | "no" | "maybe";
type Answer = ReturnType<QuickLook>;

/** Farther from the origin, or nearer to a pole, the oracle is asked. */
const FAR_M = 10_000;
const MAX_LAT_DEG = 71;
/** Rounding, and the oracle's tolerance, metres. */
const OFF_M = 0.05;
const EARTH_M = 6_356_000;
/** How far beyond what restricts it is looked: the answer stands until the vehicle may have come so far. */
const BEYOND_M = 100;

export function createQuickOracle(origin: Truth): QuickOracle {
  const exact = createOracle();
  const look = createQuickLook(origin);
  return {
    leak: (set, truth, camera, released) =>
      look(set, truth, camera, released) === "no" ? null : exact.leak(set, truth, camera, released),
    restricts(set, truth, camera) {
      const answer = look(set, truth, camera, "pass");
      return answer === "maybe" ? exact.leak(set, truth, camera, "pass") !== null : answer === "yes";
    },
  };
}

/** Looks in one plane around a place. */
export function createQuickLook(origin: Truth): QuickLook {
  const plane = planeAt(origin);
  const steep = Math.tan((Math.min(MAX_LAT_DEG + 1, Math.abs(origin.latDeg) + 0.2) * Math.PI) / 180);
  const flat = new WeakMap<ZoneSetTruth, readonly FlatZone[]>();
  let clear: {
    readonly zones: ZoneSetTruth;
    readonly x: number;
    readonly y: number;
    readonly byM: number;
  } | null = null;

  function zonesOf(set: ZoneSetTruth): readonly FlatZone[] {
    const known = flat.get(set);
    if (known !== undefined) return known;
    const made = set.zones.map((zone) => flatZone(zone, plane));
    flat.set(set, made);
    return made;
  }

  /**
   * By which share a distance of up to so much may be off: eastward metres shrink with the tangent of the latitude, and count
   * in the middle of the way; northward ones change by less than the rest. Taken half as much again.
   */
  const offShare = (y: number, reachM: number): number =>
    (1.5 * (steep + 0.02) * (Math.abs(y) + reachM)) / EARTH_M + 1e-4;

  return (set, truth, camera, released) => {
    const x = wrapDeg(truth.lonDeg - plane.lonDeg) * plane.xPerDeg;
    const y = (truth.latDeg - plane.latDeg) * plane.yPerDeg;
    // Written so that NaN asks the oracle.
    if (!(Math.abs(x) < FAR_M && Math.abs(y) < FAR_M && Math.abs(truth.latDeg) < MAX_LAT_DEG)) return "maybe";
    if (clear?.zones === set && Math.hypot(x - clear.x, y - clear.y) < clear.byM) return "no";
    let eye: Eye | null = null;
    let byM = Infinity;
    let answer: Answer = "no";
    for (const each of zonesOf(set)) {
      const { zone } = each;
      const reachM = Math.max(zone.standoffM, zone.viewM) + BEYOND_M;
      const share = offShare(y, reachM);
      eye ??= eyeAt(camera, truth.headingDeg, x, y, offShare(y, WIDEST_M) + 0.001, OFF_M);
      const awayM = nearestM(each, eye, reachM * (1 + 2 * share) + 1);
      const surelyM = awayM * (1 - Math.min(1, offShare(y, awayM))) - OFF_M;
      byM = Math.min(byM, surelyM - Math.max(zone.standoffM, zone.viewM));
      if (zone.action === "blur" && released === "blur") continue;
      if (zone.cameras !== null && !zone.cameras.includes(camera.id)) continue;
      if (!isInForce(zone, truth.timeMs)) continue;
      const found = restricts(zone, camera, eye, awayM, share);
      if (found === "yes" || answer === "no") answer = found;
      if (answer === "yes") break;
    }
    // A zone that was not looked at may be near.
    const isClear = answer === "no" && byM > 0;
    clear = isClear ? { zones: set, x, y, byM: byM / (1 + Math.min(1, offShare(y, byM))) } : null;
    return answer;
  };
}

/** As far as any zone's view is protected. */
const WIDEST_M = 10_000;

function restricts(zone: TrueZone, camera: Camera, eye: Eye, awayM: number, share: number): Answer {
  const [leastM, mostM] = [awayM * (1 - share) - OFF_M, awayM * (1 + share) + OFF_M];
  if (mostM < zone.standoffM) return "yes";
  const rangeM = Math.min(zone.viewM, camera.rangeM);
  const isOutside = leastM > zone.standoffM;
  if (isOutside && leastM > rangeM) return "no";
  // A camera that sees at most a half turn sees nothing on the outer side of either side's line.
  const wideRad = (camera.hfovDeg * Math.PI) / 360 + share + 0.001;
  if (isOutside && wideRad < Math.PI / 2 && awayM > OFF_M && (eye.allLeft || eye.allRight)) return "no";
  if (eye.seenM * (1 + share) + OFF_M < rangeM) return "yes";
  // The nearest place of the zone, where it is surely within the angle.
  const ahead = eye.nearX * eye.axisX + eye.nearY * eye.axisY;
  return mostM < rangeM && awayM > SURE_M && ahead > eye.cosSurely * awayM ? "yes" : "maybe";
}
