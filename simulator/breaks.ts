import { distanceFrom, planeAt, wrapDeg } from "../src/core/plane.ts";
import { ASSUMED } from "./assumptions.ts";
import type { BrokenAssumption, DriveEvent, Truth, ZoneSetTruth } from "./drive.ts";
import type { Delivered } from "./receiver/deliver.ts";
import type { Clocks } from "./clock.ts";
import type { CameraInput } from "./scenario/cameras.ts";
import type { Phase } from "./route/motion.ts";
import { isFix, lengthM, plus, towards } from "./receiver/epoch.ts";

/** One thing that was measured: how large it was against what is assumed. */
interface Finding {
  readonly assumption: BrokenAssumption["assumption"];
  readonly atMs: number;
  readonly timesBound: number;
}

/** Findings so near to each other are one. */
const SAME_MS = 2000;

/** Runs of findings above the bound, by assumption. */
export function breaksOf(findings: Iterable<Finding>): readonly BrokenAssumption[] {
  const open = new Map<string, { -readonly [K in keyof BrokenAssumption]: BrokenAssumption[K] }>();
  const all: BrokenAssumption[] = [];
  for (const { assumption, atMs, timesBound } of findings) {
    // Written so that NaN is broken.
    if (timesBound <= 1) continue;
    const run = open.get(assumption);
    if (run !== undefined && Math.abs(atMs - run.untilMs) <= SAME_MS) {
      run.untilMs = Math.max(run.untilMs, atMs);
      run.timesBound = Math.max(run.timesBound, timesBound);
      continue;
    }
    const begun = { assumption, fromMs: atMs, untilMs: atMs, timesBound };
    open.set(assumption, begun);
    all.push(begun);
  }
  return all.toSorted((a, b) => a.fromMs - b.fromMs);
}

/** How each fix stands to the truth of the time that it speaks of. */
export function* fixFindings(
  delivered: readonly Delivered[],
  truthAt: (timeMs: number) => Truth,
  clocks: Clocks,
): Generator<Finding> {
  for (const { validMs, report } of delivered) {
    const stampErrorMs = Math.abs(report.timeMs - clocks.shared(validMs));
    yield { assumption: "clock", atMs: validMs, timesBound: stampErrorMs / ASSUMED.clockErrorMs };
    if (!isFix(report)) continue;
    const truth = truthAt(validMs);
    const offM = distanceFrom(planeAt(truth), report);
    const claimedM = ASSUMED.confidenceFactor * (report.accuracyM ?? ASSUMED.accuracyM);
    yield { assumption: "accuracy", atMs: validMs, timesBound: offM / claimedM };
    if (report.speedMps === null) continue;
    const offMps = velocityErrorMps(truth, report.speedMps, report.courseDeg);
    yield { assumption: "speed", atMs: validMs, timesBound: offMps / ASSUMED.speedErrorMps };
  }
}

function velocityErrorMps(truth: Truth, speedMps: number, courseDeg: number | null): number {
  if (courseDeg === null) return Math.abs(speedMps - truth.speedMps);
  return lengthM(plus(towards(courseDeg, speedMps), towards(truth.courseDeg, -truth.speedMps)));
}

/** Frames whose stamps are off, and the time around a step of the shared clock, when stamps from before it are. */
export function* clockFindings(
  cameras: readonly CameraInput[],
  clocks: Clocks,
  startMs: number,
  endMs: number,
): Generator<Finding> {
  for (const camera of cameras) {
    for (let atMs = startMs; atMs <= endMs; atMs += 1000) {
      const errorMs = Math.abs(clocks.camera(atMs, camera) - clocks.shared(atMs));
      yield { assumption: "clock", atMs, timesBound: errorMs / ASSUMED.clockErrorMs };
    }
  }
  for (const { atS, byMs } of clocks.steps) {
    const timesBound = Math.abs(byMs) / ASSUMED.clockErrorMs;
    for (const sinceMs of [-ASSUMED.maxFixAgeMs, 0, ASSUMED.maxFixAgeMs]) {
      yield { assumption: "clock", atMs: startMs + 1000 * atS + sinceMs, timesBound };
    }
  }
}

/** Where zones have hours, the shared clock must tell the true time: nothing else says when they begin. */
export function* hourFindings(
  first: ZoneSetTruth,
  events: readonly DriveEvent[],
  clocks: Clocks,
  startMs: number,
  endMs: number,
): Generator<Finding> {
  const sets = [first, ...events.flatMap((event) => (event.kind === "zones" ? [event.set] : []))];
  if (!sets.some(({ zones }) => zones.some(({ times }) => times !== null))) return;
  for (let atMs = startMs; atMs <= endMs; atMs += 1000) {
    const timesBound = Math.abs(clocks.shared(atMs) - atMs) / ASSUMED.clockErrorMs;
    yield { assumption: "clock", atMs, timesBound };
  }
}

/** Whether the vehicle goes as the guard thinks that vehicles can. */
export function* motionFindings(
  phases: readonly Phase[],
  truthAt: (timeMs: number) => Truth,
  startMs: number,
): Generator<Finding> {
  let before: Truth | null = null;
  // After a turn that no wheels made, the heading is wrong until the course shows it above the speed of a reverse gear.
  let lost = false;
  for (const { leg, fromS, untilS, accelerationMps2 } of phases) {
    for (const timeS of [fromS + 1e-6, (fromS + untilS) / 2, untilS - 1e-6]) {
      const atMs = startMs + 1000 * timeS;
      const truth = truthAt(atMs);
      const v = truth.speedMps;
      const sideways = v * v * Math.abs(leg.curvature);
      const push = Math.hypot(sideways, accelerationMps2) / ASSUMED.maxAccelerationMps2;
      const tight = Math.abs(leg.curvature) * ASSUMED.minTurnRadiusM;
      yield { assumption: "motion", atMs, timesBound: Math.max(push, v / ASSUMED.maxSpeedMps, tight) };
      const faces = Math.abs(wrapDeg(truth.headingDeg - truth.courseDeg));
      const backwards = Math.abs(faces - 180) < 1 && v <= ASSUMED.maxReverseMps;
      const spun = before !== null && v === 0 && Math.abs(wrapDeg(truth.headingDeg - before.headingDeg)) > 1;
      lost = (lost && !(faces < 1 && v > ASSUMED.maxReverseMps)) || spun || isSpunLeg(leg.facesDeg);
      const isWrong = lost || (v > 0.5 && faces >= 1 && !backwards);
      yield { assumption: "heading", atMs, timesBound: isWrong ? 2 : 0 };
      before = truth;
    }
  }
}

/** On a ship a vehicle comes to point elsewhere without driving there. */
function isSpunLeg(facesDeg: number): boolean {
  return Math.abs(wrapDeg(facesDeg)) > 1;
}
