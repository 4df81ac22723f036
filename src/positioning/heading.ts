import { wrapDeg } from "../core/plane.ts";
import type { Fix } from "../sources/fix.ts";
import type { PositioningPolicy } from "./policy.ts";

/** Where the vehicle's front points: `deg` ± `errorDeg`; with an error of 180 it may point anywhere. */
export interface Heading {
  readonly deg: number;
  readonly errorDeg: number;
}

export const UNKNOWN_HEADING: Heading = { deg: 0, errorDeg: 180 };

/**
 * The heading at a fix, from the one before it, `dtMs` ago. Above the speed of any reverse gear the course is the
 * heading. Below it the course shows the front or the back: it is taken for whichever the earlier heading leaves
 * possible. Too slow for a course, the earlier heading is kept, and its error grows until it is unknown.
 */
export function nextHeading(before: Heading, dtMs: number, fix: Fix, policy: PositioningPolicy): Heading {
  const course = courseOf(fix, policy);
  if (course !== null && (fix.speedMps ?? 0) > policy.maxReverseMps) return course;
  const kept = turned(before, dtMs, fix.speedMps, policy);
  if (course === null) return kept;
  const back = { deg: wrapDeg(course.deg + 180), errorDeg: course.errorDeg };
  if (overlap(kept, course)) return overlap(kept, back) ? kept : course;
  return overlap(kept, back) ? back : UNKNOWN_HEADING;
}

/**
 * A heading up to `dtMs` later or earlier: a wheeled vehicle at v turns by at most v / minTurnRadiusM and at most
 * aMax / v radians a second (lateral acceleration), whichever is less; their maximum over all v is √(aMax / r).
 */
export function turned(
  heading: Heading,
  dtMs: number,
  speedMps: number | null,
  policy: PositioningPolicy,
): Heading {
  const dt = dtMs / 1000;
  const aMax = policy.maxAccelerationMps2;
  const radius = policy.minTurnRadiusM;
  let rate = Math.sqrt(aMax / radius);
  if (speedMps !== null) {
    const fastest = speedMps + policy.speedErrorMps + aMax * dt;
    const slowest = speedMps - policy.speedErrorMps - aMax * dt;
    rate = Math.min(rate, fastest / radius, slowest > 0 ? aMax / slowest : Infinity);
  }
  const errorDeg = heading.errorDeg + (rate * dt * 180) / Math.PI;
  return errorDeg < 180 ? { deg: heading.deg, errorDeg } : UNKNOWN_HEADING;
}

/**
 * The direction of motion as a heading. Its error is the angle that the speed's error vector can turn it by, and the
 * one by which an antenna ahead of the rear axle moves sideways in the tightest turn that is possible at this speed.
 */
function courseOf({ speedMps, courseDeg }: Fix, policy: PositioningPolicy): Heading | null {
  const { speedErrorMps } = policy;
  if (courseDeg === null || speedMps === null || speedMps <= speedErrorMps) return null;
  const slowest = speedMps - speedErrorMps;
  const curvature = Math.min(1 / policy.minTurnRadiusM, policy.maxAccelerationMps2 / (slowest * slowest));
  const slip = Math.asin(Math.min(1, policy.axleToAntennaM * curvature));
  return { deg: courseDeg, errorDeg: ((Math.asin(speedErrorMps / speedMps) + slip) * 180) / Math.PI };
}

function overlap(a: Heading, b: Heading): boolean {
  return Math.abs(wrapDeg(a.deg - b.deg)) <= a.errorDeg + b.errorDeg;
}
