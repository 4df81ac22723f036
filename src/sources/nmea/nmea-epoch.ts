import { accuracyFromHdopM, accuracyFromSigmaM } from "../accuracy.ts";
import type { Fix, GnssReport } from "../fix.ts";
import type { Place, Statement } from "./nmea-statement.ts";
import { least } from "./nmea-quality.ts";
import { MAX_SPREAD_M, roundingM, spreadM } from "../spread.ts";

/** What the sentences of one epoch say together. */
export interface Epoch extends Statement {
  /** How far apart its places are, beyond what their digits explain. */
  readonly spreadM: number;
}

export function isConflict(epoch: Epoch): boolean {
  return epoch.spreadM > MAX_SPREAD_M;
}

/** Adds a sentence to an epoch. What was said first stands; quality and error are taken at their worst. */
export function merge(epoch: Epoch, next: Statement): Epoch {
  return {
    timeOfDayMs: epoch.timeOfDayMs,
    dateMs: epoch.dateMs ?? next.dateMs,
    quality: epoch.quality === next.quality ? epoch.quality : least([epoch.quality, next.quality]),
    gsaMode: largest(epoch.gsaMode, next.gsaMode),
    place: finer(epoch.place, next.place),
    hdop: largest(epoch.hdop, next.hdop),
    sigmaM: largest(epoch.sigmaM, next.sigmaM),
    speedMps: epoch.speedMps ?? next.speedMps,
    courseDeg: epoch.courseDeg ?? next.courseDeg,
    spreadM: Math.max(epoch.spreadM, unexplainedM(epoch.place, next.place)),
  };
}

/** Rule 2: an epoch of which any part says void, or whose parts contradict each other, has no position. */
export function reportOf(epoch: Epoch, timeMs: number): GnssReport {
  const { place, quality = "autonomous", gsaMode } = epoch;
  if (place === undefined || quality === "none" || gsaMode === 1 || isConflict(epoch)) {
    return { timeMs, quality: "none" };
  }
  return {
    timeMs,
    latDeg: place.latDeg,
    lonDeg: place.lonDeg,
    accuracyM: accuracyM(epoch, place, quality),
    speedMps: epoch.speedMps ?? null,
    courseDeg: epoch.courseDeg ?? null,
    quality,
  };
}

/** The receiver's own error ellipse before the dilution; and what its digits and its own contradictions leave open. */
function accuracyM(epoch: Epoch, place: Place, quality: Fix["quality"]): number | null {
  const statedM = accuracyFromSigmaM(epoch.sigmaM) ?? accuracyFromDilutionM(epoch.hdop, quality);
  return statedM === null ? null : statedM + epoch.spreadM + roundingM(place.unitDeg);
}

function accuracyFromDilutionM(hdop: number | undefined, quality: Fix["quality"]): number | null {
  switch (quality) {
    case "differential":
    case "rtk-float":
    case "rtk-fixed":
      return accuracyFromHdopM(hdop, "differential");
    case "autonomous":
    case "simulated":
      return accuracyFromHdopM(hdop, "autonomous");
    // Dilution describes satellites; it says nothing of dead reckoning or of a typed-in place.
    case "estimated":
    case "manual":
      return null;
    default:
      return quality satisfies never;
  }
}

function unexplainedM(a: Place | undefined, b: Place | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return Math.max(0, spreadM(a, b) - roundingM(Math.max(a.unitDeg, b.unitDeg)));
}

function finer(a: Place | undefined, b: Place | undefined): Place | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.unitDeg < a.unitDeg ? b : a;
}

function largest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
