import { placeAt, planeAt, wrapDeg } from "../../src/core/plane.ts";
import type { Camera } from "../../src/sources/camera.ts";
import type { Fix } from "../../src/sources/fix.ts";
import { ASSUMED } from "../assumptions.ts";
import type { ReportArrival, SimulatedDrive, TrueZone, Truth, ZoneSetTruth } from "../drive.ts";
import { isFix, towards } from "../receiver/epoch.ts";
import type { Box } from "./distance.ts";
import { boxOf, leastDistanceM } from "./distance.ts";
import { gapM } from "./oracle.ts";
import { isInForce } from "./times.ts";

/**
 * The least that any sound judge must restrict, given the same inputs.
 *
 * A judge knows what the receiver said, and the bounds: each fix within the 99.99 % radius of its claim, its velocity
 * within 1 m/s, no more than 10 m/s² of acceleration, clocks within 50 ms. Another vehicle, which drove beside the true
 * one by a(t)·u in a fixed direction u, would have given it the very same inputs, as long as a(t) keeps within each fix's
 * disc and changes no faster than the stated velocities allow. No judge can tell the two apart: a frame must be restricted
 * when, at one of these places, it would show what it must not. This is a part of all vehicles that are possible, so no
 * sound judge can restrict less; the guard, which must restrict at all of them, restricts more.
 */
export interface LeastJudge {
  /** What has arrived by a time; times must not go back. */
  arrive(untilMs: number): void;
  /** A judge that was started anew knows nothing of what came before. */
  forget(): void;
  /** Whether the frame must be restricted. Asked for frames in the order of their arrival. */
  mustRestrict(zones: ZoneSetTruth, camera: Camera, exposedMs: number, stampErrorMs: number): boolean;
}

const DIRECTIONS = 16;
const UNIT = Array.from({ length: DIRECTIONS }, (_, k) => towards((360 * k) / DIRECTIONS, 1));
/** Of a disc around the truth, this share lies within the hull of places along the directions. */
const INSCRIBED = Math.cos(Math.PI / DIRECTIONS);
/** Without a fix for longer a judge drops for that, not for the place. */
const LONGEST_S = 2;
/** Keeps clear of rounding, in what is claimed and in the map. */
const SAFE = 0.98;

/** What one fix allows, along each direction. */
interface Constraint {
  readonly validMs: number;
  /** How far within the fix's disc. */
  readonly chordM: readonly number[];
  /** How fast within the disc of its velocity. */
  readonly mps: number;
  /** How far, given all fixes before it, too. */
  reachM: readonly number[];
}

export function createLeastJudge(drive: SimulatedDrive): LeastJudge {
  const { reports } = drive;
  const truthAt = (timeMs: number): Truth => drive.truthAt(timeMs);
  const boxes = new WeakMap<ZoneSetTruth, readonly Box[]>();
  let known: Constraint[] = [];
  let next = 0;

  function add({ report }: ReportArrival): void {
    if (!isFix(report)) return;
    const constraint = constraintOf(report, truthAt(report.timeMs));
    let at = known.length;
    while (at > 0 && (known[at - 1]?.validMs ?? 0) > constraint.validMs) at--;
    known.splice(at, 0, constraint);
    for (; at < known.length; at++) carryOn(known[at - 1], known[at]);
  }

  function boxesOf(set: ZoneSetTruth): readonly Box[] {
    const own = boxes.get(set) ?? set.zones.map(({ shapes }) => boxOf(shapes));
    boxes.set(set, own);
    return own;
  }

  return {
    arrive(untilMs) {
      for (let at = reports[next]; at !== undefined && at.arrivedMs <= untilMs; at = reports[++next]) add(at);
    },
    forget() {
      known = [];
    },
    mustRestrict(set, camera, exposedMs, stampErrorMs) {
      const truth = truthAt(exposedMs);
      const reachM = reachAt(known, exposedMs, truth, truthAt);
      const blindMs = Math.max(0, ASSUMED.clockErrorMs - Math.abs(stampErrorMs));
      const slipM = (SAFE * truth.speedMps * blindMs) / 1000;
      const farM = Math.max(...reachM) + slipM;
      const near = zonesNear(set, boxesOf(set), camera, truth, farM);
      if (near.length === 0) return false;
      const gap = Math.min(...near.map((zone) => gapM(zone, truth, camera)));
      if (gap === 0 || gap < Math.min(...reachM) * INSCRIBED) return true;
      // A camera that turns sees more: as much as one that sees as far to both sides.
      const turns = near.some(({ viewM }) => viewM > 0) ? turnsOf(truth) : [0];
      const wide = { ...camera, hfovDeg: Math.min(360, camera.hfovDeg + 2 * Math.max(...turns)) };
      if (Math.min(...near.map((zone) => gapM(zone, truth, wide))) > farM) return false;
      return placesAround(truth, reachM, slipM).some((place) =>
        turns.some((turn) =>
          near.some((zone) => gapM(zone, { ...place, headingDeg: place.headingDeg + turn }, camera) === 0),
        ),
      );
    },
  };
}

function constraintOf(fix: Fix, truth: Truth): Constraint {
  const radiusM = SAFE * ASSUMED.confidenceFactor * (fix.accuracyM ?? ASSUMED.accuracyM);
  const plane = planeAt(fix);
  // From the fix to the truth.
  const eastM = wrapDeg(truth.lonDeg - fix.lonDeg) * plane.xPerDeg;
  const northM = (truth.latDeg - fix.latDeg) * plane.yPerDeg;
  const chordM = UNIT.map((unit) => chordTo(eastM, northM, unit.eastM, unit.northM, radiusM));
  return { validMs: fix.timeMs, chordM, mps: spareMps(fix, truth), reachM: chordM };
}

/** How far from a place within a disc, in a direction, to its edge. */
function chordTo(x: number, y: number, ux: number, uy: number, radius: number): number {
  const along = x * ux + y * uy;
  const inside = radius * radius - x * x - y * y + along * along;
  return inside <= 0 ? 0 : Math.max(0, Math.sqrt(inside) - along);
}

/** By how much the velocity may differ in any direction, beyond what it is off already. */
function spareMps({ speedMps, courseDeg }: Fix, truth: Truth): number {
  if (speedMps === null) return SAFE * ASSUMED.speedErrorMps;
  if (courseDeg === null)
    return Math.max(0, SAFE * ASSUMED.speedErrorMps - Math.abs(speedMps - truth.speedMps));
  const [said, is] = [towards(courseDeg, speedMps), towards(truth.courseDeg, truth.speedMps)];
  const offMps = Math.hypot(said.eastM - is.eastM, said.northM - is.northM);
  return Math.max(0, SAFE * ASSUMED.speedErrorMps - offMps);
}

function carryOn(before: Constraint | undefined, constraint: Constraint | undefined): void {
  if (before === undefined || constraint === undefined) return;
  const moreM = (Math.min(before.mps, constraint.mps) * (constraint.validMs - before.validMs)) / 1000;
  constraint.reachM = constraint.chordM.map((chordM, k) => Math.min(chordM, (before.reachM[k] ?? 0) + moreM));
}

/** How far the other vehicle may be from the true one at a time, along each direction. */
function reachAt(
  known: readonly Constraint[],
  timeMs: number,
  truth: Truth,
  truthAt: (timeMs: number) => Truth,
): readonly number[] {
  let i = known.length;
  while (i > 0 && (known[i - 1]?.validMs ?? 0) > timeMs) i--;
  const [last, after] = [known[i - 1], known[i]];
  if (last === undefined) return UNIT.map(() => 0);
  const dt = (timeMs - last.validMs) / 1000;
  const ownMps2 = dt > LONGEST_S ? Infinity : greatestMps2(last.validMs, timeMs, truthAt);
  const spare = Math.max(0, SAFE * ASSUMED.maxAccelerationMps2 - ownMps2);
  // At its top speed a vehicle cannot get faster.
  const pushM = truth.speedMps > 0.9 * ASSUMED.maxSpeedMps ? 0 : (spare * dt * dt) / 2;
  return last.reachM.map((reachM, k) => {
    const fromLastM = reachM + last.mps * dt + pushM;
    if (after === undefined) return fromLastM;
    const backM = (after.chordM[k] ?? 0) + (after.mps * (after.validMs - timeMs)) / 1000;
    return Math.min(reachM + last.mps * dt, backM);
  });
}

/** The greatest acceleration of the truth from a time on, by differences. */
function greatestMps2(fromMs: number, untilMs: number, truthAt: (timeMs: number) => Truth): number {
  const stepMs = 100;
  let greatest = 0;
  let before = truthAt(fromMs - stepMs);
  for (let atMs = fromMs; atMs < untilMs + stepMs; atMs += stepMs) {
    const now = truthAt(Math.min(atMs, untilMs));
    const [v, w] = [towards(now.courseDeg, now.speedMps), towards(before.courseDeg, before.speedMps)];
    const metresPerS = Math.hypot(v.eastM - w.eastM, v.northM - w.northM);
    greatest = Math.max(greatest, (1000 * metresPerS) / (Math.min(atMs, untilMs) - atMs + stepMs));
    before = now;
  }
  return greatest;
}

/** Headings that the stated velocity leaves open, less than which the truth's own error takes. */
function turnsOf({ speedMps }: Truth): readonly number[] {
  if (speedMps < 2) return [0];
  const deg = (Math.asin((0.5 * ASSUMED.speedErrorMps) / speedMps) * 180) / Math.PI;
  return [0, deg, -deg];
}

function placesAround(truth: Truth, reachM: readonly number[], slipM: number): readonly Truth[] {
  const plane = planeAt(truth);
  const slip = towards(truth.courseDeg, slipM);
  return UNIT.flatMap((unit, k) => {
    const farM = reachM[k] ?? 0;
    return [1, -1].map((sign): Truth => {
      const place = placeAt(
        plane,
        farM * unit.eastM + sign * slip.eastM,
        farM * unit.northM + sign * slip.northM,
      );
      return { ...truth, ...place };
    });
  });
}

function zonesNear(
  { zones }: ZoneSetTruth,
  boxes: readonly Box[],
  camera: Camera,
  truth: Truth,
  farM: number,
): readonly TrueZone[] {
  const plane = planeAt(truth);
  return zones.filter((zone, i) => {
    const box = boxes[i];
    if (zone.cameras !== null && !zone.cameras.includes(camera.id)) return false;
    // It knows the hour better than any judge: the clock's error is not made use of.
    if (!isInForce(zone, truth.timeMs)) return false;
    return box !== undefined && leastDistanceM(box, plane) <= farM + Math.max(zone.standoffM, zone.viewM);
  });
}
