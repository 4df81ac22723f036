import type { Plane } from "../core/plane.ts";
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
  readonly plane: Plane;
  /** Motion in degrees a millisecond; 0 where speed or course is unknown. */
  readonly latDegPerMs: number;
  readonly lonDegPerMs: number;
  /** Radius at the fix's own time, with the clock's error. */
  readonly startM: number;
  /** Growth of the radius per millisecond and per millisecond squared. */
  readonly growthMPerMs: number;
  readonly growthMPerMs2: number;
  /** The same for a disc that stays around the fix. */
  readonly stayStartM: number;
  readonly stayMPerMs: number;
}

/** The fix's 95 % radius, or the policy's where it states none, at the policy's confidence. */
export function positionErrorM({ accuracyM }: Pick<Fix, "accuracyM">, policy: PositioningPolicy): number {
  return confidenceFactor(policy) * (accuracyM ?? policy.assumedAccuracyM);
}

/**
 * Prepares a fix for `reachFrom`. With speed and course the reach is dead-reckoned:
 * radius = k·accuracy + speedError·dt + ½·aMax·dt² + clockError·speed. Without a course the disc stays around the
 * fix and grows with the greatest speed that is possible: the stated one with its error, or the policy's.
 */
export function anchorAt(fix: Fix, heading: Heading, policy: PositioningPolicy): Anchor {
  const plane = planeAt(fix);
  const errorM = positionErrorM(fix, policy);
  const { speedMps, courseDeg } = fix;
  const moving = speedMps !== null && courseDeg !== null;
  const speed = Math.min(speedMps === null ? Infinity : speedMps + policy.speedErrorMps, policy.maxSpeedMps);
  const course = ((courseDeg ?? 0) * Math.PI) / 180;
  const clock = policy.clockErrorMs / 1000;
  return {
    fix,
    heading,
    plane,
    latDegPerMs: moving ? (speedMps * Math.cos(course)) / plane.yPerDeg / 1000 : 0,
    lonDegPerMs: moving ? (speedMps * Math.sin(course)) / plane.xPerDeg / 1000 : 0,
    startM: errorM + clock * speed,
    growthMPerMs: (moving ? policy.speedErrorMps : speed) / 1000,
    growthMPerMs2: (speedMps === null ? 0 : policy.maxAccelerationMps2 / 2) / 1e6,
    stayStartM: errorM + clock * policy.maxSpeedMps,
    stayMPerMs: policy.maxSpeedMps / 1000,
  };
}

/** Where the vehicle may be at `timeMs`, before or after the anchor's fix; the caller keeps it near. */
export function reachFrom(anchor: Anchor, timeMs: number, policy: PositioningPolicy): KnownReach {
  const dtMs = timeMs - anchor.fix.timeMs;
  const spanMs = Math.abs(dtMs);
  const { latDeg, lonDeg, speedMps } = anchor.fix;
  const movingM = anchor.startM + spanMs * (anchor.growthMPerMs + spanMs * anchor.growthMPerMs2);
  const stayingM = anchor.stayStartM + spanMs * anchor.stayMPerMs;
  const heading = turned(anchor.heading, dtMs, speedMps, policy);
  if (stayingM < movingM) return { known: true, latDeg, lonDeg, radiusM: stayingM, heading };
  return {
    known: true,
    latDeg: latDeg + dtMs * anchor.latDegPerMs,
    lonDeg: wrapDeg(lonDeg + dtMs * anchor.lonDegPerMs),
    radiusM: movingM,
    heading,
  };
}
