import { distanceFrom, planeAt, wrapDeg } from "../core/plane.ts";
import type { Position } from "../core/position.ts";
import type { Fix } from "../sources/fix.ts";
import type { Heading } from "./heading.ts";
import { turned } from "./heading.ts";
import type { PositioningPolicy } from "./policy.ts";
import { confidenceFactor } from "./policy.ts";

/** The reasons for which it may be unknown where the vehicle is. */
export type DoubtReason = "no-fix" | "stale-fix" | "coarse-fix" | "implausible-fix" | "simulated-fix";

/** Where the vehicle may be at a time: a disc and a heading interval; or why that is unknown. */
export type Reach = KnownReach | { readonly known: false; readonly reason: DoubtReason };

export interface KnownReach {
  readonly known: true;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly radiusM: number;
  readonly heading: Heading;
}

/** A fix with what is worked out once: reaches at any time near it are a few multiplications. */
export interface Anchor {
  readonly fix: Fix;
  readonly heading: Heading;
  /** The fix's error alone, at the policy's confidence. */
  readonly errorM: number;
  /** Motion in degrees a millisecond; 0 where speed or course is unknown. */
  readonly latDegPerMs: number;
  readonly lonDegPerMs: number;
  /** The radius is a polynomial in the milliseconds from the fix: metres at the fix, m/ms, m/ms². */
  readonly movingM: number;
  readonly movingMPerMs: number;
  readonly movingMPerMs2: number;
  /** The same for a disc that stays around the fix, within which no vehicle is too fast. */
  readonly stayingM: number;
  readonly stayingMPerMs: number;
}

/** The fix's 95 % radius, or the policy's where it states none, at the policy's confidence. */
export function positionErrorM({ accuracyM }: Pick<Fix, "accuracyM">, policy: PositioningPolicy): number {
  return confidenceFactor(policy) * (accuracyM ?? policy.assumedAccuracyM);
}

/**
 * Prepares a fix for `reachFrom`. With speed and course the reach is dead-reckoned, and `dt` seconds from the fix,
 * with clocks `e` seconds apart, its radius is k·accuracy + speedError·(dt + e) + ½·aMax·(dt + e)² + e·speed.
 * Without a course the disc stays around the fix and grows with the greatest speed that is possible: the stated one
 * with its error, or the policy's.
 */
export function anchorAt(fix: Fix, heading: Heading, policy: PositioningPolicy): Anchor {
  const plane = planeAt(fix);
  const errorM = positionErrorM(fix, policy);
  const { speedMps, courseDeg } = fix;
  const { speedErrorMps, maxSpeedMps } = policy;
  const isMoving = speedMps !== null && courseDeg !== null;
  const course = ((courseDeg ?? 0) * Math.PI) / 180;
  const e = policy.clockErrorMs / 1000;
  const growthMps = isMoving ? speedErrorMps : Math.min((speedMps ?? Infinity) + speedErrorMps, maxSpeedMps);
  const half = speedMps === null ? 0 : policy.maxAccelerationMps2 / 2;
  const clockM = e * ((isMoving ? speedMps : 0) + growthMps + half * e);
  return {
    fix,
    heading,
    errorM,
    latDegPerMs: isMoving ? (speedMps * Math.cos(course)) / plane.yPerDeg / 1000 : 0,
    lonDegPerMs: isMoving ? (speedMps * Math.sin(course)) / plane.xPerDeg / 1000 : 0,
    movingM: errorM + clockM,
    movingMPerMs: (growthMps + 2 * half * e) / 1000,
    movingMPerMs2: half / 1e6,
    stayingM: errorM + e * maxSpeedMps,
    stayingMPerMs: maxSpeedMps / 1000,
  };
}

/** Where the vehicle may be at `timeMs`, before or after the anchor's fix; the caller keeps it near. */
export function reachFrom(anchor: Anchor, timeMs: number, policy: PositioningPolicy): KnownReach {
  const dtMs = timeMs - anchor.fix.timeMs;
  const spanMs = Math.abs(dtMs);
  const { latDeg, lonDeg, speedMps } = anchor.fix;
  const [movingM, stayingM] = [movingRadiusM(anchor, spanMs), stayingRadiusM(anchor, spanMs)];
  const heading = turned(anchor.heading, spanMs + policy.clockErrorMs, speedMps, policy);
  if (stayingM < movingM) return { known: true, latDeg, lonDeg, radiusM: stayingM, heading };
  return {
    known: true,
    latDeg: latDeg + dtMs * anchor.latDegPerMs,
    lonDeg: wrapDeg(lonDeg + dtMs * anchor.lonDegPerMs),
    radiusM: movingM,
    heading,
  };
}

/** Whether the reach at `timeMs` meets the disc of `errorM` around a place. */
export function reaches(anchor: Anchor, timeMs: number, to: Position, errorM: number): boolean {
  const dtMs = timeMs - anchor.fix.timeMs;
  const spanMs = Math.abs(dtMs);
  const [movingM, stayingM] = [movingRadiusM(anchor, spanMs), stayingRadiusM(anchor, spanMs)];
  const reckonedMs = stayingM < movingM ? 0 : dtMs;
  const latDeg = anchor.fix.latDeg + reckonedMs * anchor.latDegPerMs;
  const lonDeg = anchor.fix.lonDeg + reckonedMs * anchor.lonDegPerMs;
  const withinM = errorM + Math.min(movingM, stayingM);
  // Most are so near that they need no plane.
  const mostDeg = Math.abs(to.latDeg - latDeg) + Math.abs(to.lonDeg - lonDeg);
  if (mostDeg * LONGEST_DEGREE_M <= withinM) return true;
  return distanceFrom(planeAt({ latDeg, lonDeg: wrapDeg(lonDeg) }), to) <= withinM;
}

/** No degree on the ellipsoid is longer: one of latitude at the poles has 111,694 m. */
const LONGEST_DEGREE_M = 111_700;

function movingRadiusM({ movingM, movingMPerMs, movingMPerMs2 }: Anchor, spanMs: number): number {
  return movingM + spanMs * (movingMPerMs + spanMs * movingMPerMs2);
}

function stayingRadiusM({ stayingM, stayingMPerMs }: Anchor, spanMs: number): number {
  return stayingM + spanMs * stayingMPerMs;
}
