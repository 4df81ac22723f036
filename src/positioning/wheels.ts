import { distanceFrom, planeAt } from "../core/plane.ts";
import type { Fix } from "../sources/fix.ts";
import type { WheelSpeed } from "../sources/live/wheel-speed.ts";
import type { PositioningPolicy } from "./policy.ts";
import { positionErrorM } from "./reach.ts";

/** Speeds that are remembered: 5 s of them at 100 Hz. */
const MAX_SPEEDS = 512;

/** Between two speeds farther apart, or after the last one for longer, the wheels say nothing. */
const MAX_SILENCE_MS = 500;

/** What the wheels say of the way between two times. */
export interface Wheels {
  /** Takes a speed that arrived at `nowMs`. One that is none, of the future or of before the last one is ignored. */
  add(speed: WheelSpeed, nowMs: number): void;
  /** Whether a vehicle whose wheels turned so cannot have gone from the one fix to the other. */
  contradict(from: Fix, to: Fix): boolean;
  /** The longest way that the wheels allow between two times; Infinity where they were silent. */
  farthestM(fromMs: number, toMs: number): number;
  /** The clock went back: nothing of before is known any more. */
  forget(): void;
}

export function createWheels(policy: PositioningPolicy): Wheels {
  const { maxAccelerationMps2, clockErrorMs, speedErrorMps } = policy;
  let speeds: readonly WheelSpeed[] = [];

  const fastest = ({ speedMps }: WheelSpeed) => speedMps * (1 + policy.wheelErrorRatio);
  const slowest = ({ speedMps }: WheelSpeed) => speedMps * (1 - policy.wheelErrorRatio);

  function add({ timeMs, speedMps }: WheelSpeed, nowMs: number): void {
    const isSpeed = Number.isFinite(speedMps) && speedMps >= 0 && timeMs <= nowMs + clockErrorMs;
    if (!isSpeed || !(timeMs > (speeds.at(-1)?.timeMs ?? -Infinity))) return;
    speeds = [...speeds.slice(1 - MAX_SPEEDS), { timeMs, speedMps }];
  }

  /** Both speeds are of times that differ: meanwhile either may have changed as fast as tyres allow. */
  function speedContradicts(fix: Fix): boolean {
    const near = nearest(speeds, fix.timeMs);
    if (fix.speedMps === null || near === undefined) return false;
    const apartMs = Math.abs(near.timeMs - fix.timeMs) + clockErrorMs;
    const slackMps = speedErrorMps + (maxAccelerationMps2 * apartMs) / 1000;
    return fix.speedMps > fastest(near) + slackMps || fix.speedMps < slowest(near) - slackMps;
  }

  function farthestM(fromMs: number, toMs: number): number {
    const [startMs, endMs] = [fromMs - clockErrorMs, toMs + clockErrorMs];
    let [atMs, sumM] = [startMs, 0];
    const first = speeds.findLastIndex(({ timeMs }) => timeMs <= startMs);
    for (let i = Math.max(0, first); i < speeds.length; i++) {
      const [speed, next] = [speeds[i], speeds[i + 1]];
      if (speed === undefined || atMs < speed.timeMs) return Infinity;
      const untilMs = Math.min(endMs, next?.timeMs ?? endMs);
      if (untilMs - speed.timeMs > MAX_SILENCE_MS) return Infinity;
      // Faster and slower again, as fast as tyres allow: never above the higher end by more than a·dt.
      const gap = (untilMs - speed.timeMs) / 1000;
      const highest =
        Math.max(fastest(speed), next === undefined ? 0 : fastest(next)) + maxAccelerationMps2 * gap;
      sumM += (highest * Math.max(0, untilMs - atMs)) / 1000;
      atMs = Math.max(atMs, untilMs);
      if (atMs >= endMs) return sumM;
    }
    return Infinity;
  }

  return {
    add,
    farthestM,
    forget() {
      speeds = [];
    },
    contradict(from, to) {
      if (speeds.length === 0) return false;
      const distanceM = distanceFrom(planeAt(from), to);
      const errorsM = positionErrorM(from, policy) + positionErrorM(to, policy);
      return speedContradicts(to) || distanceM > farthestM(from.timeMs, to.timeMs) + errorsM;
    },
  };
}

function nearest(speeds: readonly WheelSpeed[], timeMs: number): WheelSpeed | undefined {
  const apartMs = (speed: WheelSpeed) => Math.abs(speed.timeMs - timeMs);
  const best = speeds.reduce<WheelSpeed | undefined>(
    (found, speed) => (found === undefined || apartMs(speed) <= apartMs(found) ? speed : found),
    undefined,
  );
  return best !== undefined && apartMs(best) <= MAX_SILENCE_MS ? best : undefined;
}
