import { planeAt, wrapDeg } from "../../src/core/plane.ts";
import type { Fix } from "../../src/sources/fix.ts";
import { ASSUMED } from "../assumptions.ts";
import type { Truth } from "../drive.ts";
import { towards } from "../receiver/epoch.ts";

/* How far beside the true vehicle another one may drive, along each of some directions, and give the same inputs. */

const DIRECTIONS = 16;
export const UNIT = Array.from({ length: DIRECTIONS }, (_, k) => towards((360 * k) / DIRECTIONS, 1));
/** Of a disc around the truth, this share lies within the hull of places along the directions. */
export const INSCRIBED = Math.cos(Math.PI / DIRECTIONS);
/** Keeps clear of rounding, in what is claimed and in the map. */
export const SAFE = 0.98;
/** Without a fix for longer a judge drops for that, not for the place. */
const LONGEST_S = 2;

/** What one fix allows, along each direction. */
export interface Constraint {
  readonly validMs: number;
  /** How far within the fix's disc. */
  readonly chordM: readonly number[];
  /** How fast within the disc of its velocity. */
  readonly mps: number;
  /** How far, given all fixes before it, too. */
  reachM: readonly number[];
}

/** What is known at a time, as it was: fixes that come later change nothing about it. */
export interface Known {
  /** The last fix that speaks of no later time, and how far it allows, given all before it. */
  readonly last: Pick<Constraint, "validMs" | "mps" | "reachM"> | undefined;
  readonly after: Pick<Constraint, "validMs" | "mps" | "chordM"> | undefined;
}

export function knownAt(known: readonly Constraint[], timeMs: number): Known {
  let i = known.length;
  while (i > 0 && (known[i - 1]?.validMs ?? 0) > timeMs) i--;
  const last = known[i - 1];
  return { last: last && { validMs: last.validMs, mps: last.mps, reachM: last.reachM }, after: known[i] };
}

export function constraintOf(fix: Fix, truth: Truth): Constraint {
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

export function carryOn(before: Constraint | undefined, constraint: Constraint | undefined): void {
  if (before === undefined || constraint === undefined) return;
  const moreM = (Math.min(before.mps, constraint.mps) * (constraint.validMs - before.validMs)) / 1000;
  constraint.reachM = constraint.chordM.map((chordM, k) => Math.min(chordM, (before.reachM[k] ?? 0) + moreM));
}

/** How far the other vehicle may be from the true one at a time, along each direction. */
export function reachAt(
  { last, after }: Known,
  timeMs: number,
  truth: Truth,
  truthAt: (timeMs: number) => Truth,
): readonly number[] {
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
