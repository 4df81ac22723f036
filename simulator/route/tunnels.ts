import type { Route } from "../scenario/route.ts";
import type { Phase } from "./motion.ts";

/** When the vehicle is in each tunnel: seconds from the start of the drive, from the first time in to the last time out. */
export function tunnelTimes(
  phases: readonly Phase[],
  tunnels: Route["tunnels"],
): readonly { readonly fromS: number; readonly untilS: number }[] {
  return tunnels.flatMap(({ fromM, toM }) => {
    const fromS = firstTimeAt(phases, fromM);
    const untilS = firstTimeAt(phases, toM) ?? phases.at(-1)?.untilS;
    return fromS === undefined || untilS === undefined ? [] : [{ fromS, untilS }];
  });
}

/** When the vehicle first comes to a place of the way. */
function firstTimeAt(phases: readonly Phase[], wayM: number): number | undefined {
  for (const { leg, fromS, untilS, alongM, speedMps, accelerationMps2: a } of phases) {
    const wantedM = wayM - leg.wayM - alongM;
    if (leg.direction < 0 || wayM < leg.wayM || wayM > leg.wayM + leg.lengthM) continue;
    // s = v·t + ½·a·t², solved for the first t.
    const root = Math.sqrt(speedMps * speedMps + 2 * a * wantedM);
    const t = Math.abs(a) < 1e-12 ? wantedM / speedMps : (root - speedMps) / a;
    if (t >= -1e-9 && fromS + t <= untilS + 1e-9) return fromS + t;
  }
  return undefined;
}
