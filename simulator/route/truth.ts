import type { Truth } from "../drive.ts";
import type { Ground } from "./ground.ts";
import type { Phase } from "./motion.ts";
import { poseAt } from "./path.ts";

/** The phase at a time, by where the last one asked for was: times mostly go on. */
export function phaseFinder(phases: readonly Phase[]): (timeS: number) => Phase | undefined {
  let i = 0;
  return (timeS) => {
    while (i > 0 && (phases[i]?.fromS ?? 0) > timeS) i--;
    while (i < phases.length - 1 && (phases[i]?.untilS ?? Infinity) < timeS) i++;
    return phases[i];
  };
}

/** Where the vehicle is at a time. */
export function truthOf(
  phases: readonly Phase[],
  ground: Ground,
  startMs: number,
): (timeMs: number) => Truth {
  const find = phaseFinder(phases);
  return (timeMs) => {
    const timeS = (timeMs - startMs) / 1000;
    const phase = find(timeS);
    if (phase === undefined) throw new RangeError("a drive without phases");
    const { leg, fromS, untilS, speedMps, accelerationMps2 } = phase;
    const t = Math.min(Math.max(timeS, fromS), untilS) - fromS;
    const stepM = t * (speedMps + (accelerationMps2 * t) / 2);
    const pose = poseAt(leg, leg.direction * (phase.alongM + stepM));
    const { latDeg, lonDeg } = ground.positionOf(pose);
    const scale = ground.scaleAt(pose);
    const east = Math.sin(pose.headingRad) * scale.east;
    const north = Math.cos(pose.headingRad) * scale.north;
    const heading = (Math.atan2(east, north) * 180) / Math.PI;
    return {
      timeMs,
      latDeg,
      lonDeg,
      headingDeg: turn(heading + leg.facesDeg),
      courseDeg: turn(leg.direction === 1 ? heading : heading + 180),
      speedMps: Math.max(0, speedMps + accelerationMps2 * t) * Math.sqrt(east * east + north * north),
      drivenM: phase.drivenM + stepM,
    };
  };
}

function turn(deg: number): number {
  const turned = deg % 360;
  return turned < 0 ? turned + 360 : turned;
}
