import type { Vehicle } from "../scenario/route.ts";
import type { Leg } from "./legs.ts";

/** A stretch of time in which the acceleration is constant. */
export interface Phase {
  readonly leg: Leg;
  /** Seconds from the start of the drive. */
  readonly fromS: number;
  readonly untilS: number;
  /** Metres along the leg, and from the start of the drive back and forth, at `fromS`. */
  readonly alongM: number;
  readonly drivenM: number;
  readonly speedMps: number;
  readonly accelerationMps2: number;
}

/**
 * When the vehicle is where: as fast as the limits of the legs, the vehicle's acceleration and what comes next allow.
 * Starts and ends at a standstill.
 */
export function phasesOf(legs: readonly Leg[], vehicle: Vehicle, waitsS: number): readonly Phase[] {
  const speeds = speedsBetween(legs, vehicle);
  const phases: Phase[] = [];
  let fromS = 0;
  let drivenM = 0;
  for (const [i, leg] of legs.entries()) {
    let alongM = 0;
    const waitS = leg.waitS + (i === 0 ? waitsS : 0);
    for (const { forS, speedMps, accelerationMps2 } of [
      { forS: waitS, speedMps: 0, accelerationMps2: 0 },
      ...drive(leg, speeds[i] ?? 0, speeds[i + 1] ?? 0, vehicle),
    ]) {
      if (!(forS > 1e-9)) continue;
      phases.push({ leg, fromS, untilS: fromS + forS, alongM, drivenM, speedMps, accelerationMps2 });
      const stepM = speedMps * forS + (accelerationMps2 * forS * forS) / 2;
      [fromS, alongM, drivenM] = [fromS + forS, alongM + stepM, drivenM + stepM];
    }
  }
  return phases;
}

/** Speeds at the ends of the legs: none may be too fast to brake from, or too fast to have got to. */
function speedsBetween(legs: readonly Leg[], { accelerationMps2, brakingMps2 }: Vehicle): readonly number[] {
  const speeds = legs.map((leg, i) =>
    i === 0 || leg.stops ? 0 : Math.min(legs[i - 1]?.limitMps ?? 0, leg.limitMps),
  );
  speeds.push(0);
  for (let i = legs.length - 1; i >= 0; i--) {
    speeds[i] = Math.min(speeds[i] ?? 0, after(speeds[i + 1], brakingMps2, legs[i]));
  }
  for (const [i, leg] of legs.entries()) {
    speeds[i + 1] = Math.min(speeds[i + 1] ?? 0, after(speeds[i], accelerationMps2, leg));
  }
  return speeds;
}

function after(speedMps: number | undefined, accelerationMps2: number, leg: Leg | undefined): number {
  return Math.sqrt((speedMps ?? 0) ** 2 + 2 * accelerationMps2 * (leg?.lengthM ?? 0));
}

/** Faster, at one speed, and slower. */
function drive(
  { lengthM, limitMps }: Leg,
  startMps: number,
  endMps: number,
  { accelerationMps2: a, brakingMps2: b }: Vehicle,
): readonly Pick<Span, "forS" | "speedMps" | "accelerationMps2">[] {
  const peak2 = (2 * a * b * lengthM + b * startMps ** 2 + a * endMps ** 2) / (a + b);
  const peakMps = Math.max(startMps, endMps, Math.min(limitMps, Math.sqrt(peak2)));
  const fasterM = (peakMps ** 2 - startMps ** 2) / (2 * a);
  const slowerM = (peakMps ** 2 - endMps ** 2) / (2 * b);
  const evenM = Math.max(0, lengthM - fasterM - slowerM);
  return [
    { forS: (peakMps - startMps) / a, speedMps: startMps, accelerationMps2: a },
    { forS: evenM / peakMps, speedMps: peakMps, accelerationMps2: 0 },
    { forS: (peakMps - endMps) / b, speedMps: peakMps, accelerationMps2: -b },
  ];
}

type Span = { readonly forS: number } & Phase;
