import { planeAt, wrapDeg } from "../core/plane.ts";
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

/** A trusted fix with what is worked out once: reaches at any time near it are a few multiplications. */
export interface Anchor {
  readonly fix: Fix;
  readonly heading: Heading;
  /** Motion in degrees a millisecond; 0 where speed or course is unknown. */
  readonly latDegPerMs: number;
  readonly lonDegPerMs: number;
  /** The radius is a polynomial in the milliseconds from the fix: `[m, m/ms, m/ms²]`. */
  readonly moving: readonly [number, number, number];
  /** The same for a disc that stays around the fix, within which no vehicle is too fast. */
  readonly staying: readonly [number, number];
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
    latDegPerMs: isMoving ? (speedMps * Math.cos(course)) / plane.yPerDeg / 1000 : 0,
    lonDegPerMs: isMoving ? (speedMps * Math.sin(course)) / plane.xPerDeg / 1000 : 0,
    moving: [errorM + clockM, (growthMps + 2 * half * e) / 1000, half / 1e6],
    staying: [errorM + e * maxSpeedMps, maxSpeedMps / 1000],
  };
}

/** Where the vehicle may be at `timeMs`, before or after the anchor's fix; the caller keeps it near. */
export function reachFrom(anchor: Anchor, timeMs: number, policy: PositioningPolicy): KnownReach {
  const dtMs = timeMs - anchor.fix.timeMs;
  const spanMs = Math.abs(dtMs);
  const { latDeg, lonDeg, speedMps } = anchor.fix;
  const movingM = anchor.moving[0] + spanMs * (anchor.moving[1] + spanMs * anchor.moving[2]);
  const stayingM = anchor.staying[0] + spanMs * anchor.staying[1];
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
