import type { Random } from "../../src/core/random.ts";
import { ASSUMED, CIRCULAR_95 } from "../assumptions.ts";
import { normal } from "../chance.ts";
import type { Receiver } from "../scenario/receiver.ts";
import type { Offset } from "./epoch.ts";
import { NO_OFFSET, atMost, lengthM, plus, towards } from "./epoch.ts";

/** By how far the receiver is off at an epoch, and what an honest one claims: a 95 % radius. */
export interface PositionError {
  readonly offset: Offset;
  readonly honestM: number;
}

/** Called once an epoch, in order; seconds from the start of the drive. */
export type ErrorModel = (timeS: number) => PositionError;

/** A bounded error stays this far within what is claimed, so that rounding breaks no assumption. */
const WITHIN = 0.97;

/**
 * A slow error (first-order Gauss-Markov), a new one at each fix, a drift, multipath, what is left after an outage or a
 * tunnel. An honest receiver knows how large the first three are, and the others where it is said so.
 */
export function errorModel(receiver: Receiver, tunnelExitsS: readonly number[], random: Random): ErrorModel {
  const { noise, drift, rateHz, tunnels } = receiver;
  const keep = Math.exp(-1 / (rateHz * noise.correlationS));
  const driftDeg = drift.bearingDeg ?? 360 * random();
  const multipath = [...receiver.multipath, ...randomMultipath(receiver, random)].map((each) => ({
    ...each,
    offset: towards(each.bearingDeg ?? 360 * random(), each.offsetM),
  }));
  const fading = [
    ...receiver.outages.map(({ atS, forS, jumpM, settlesS, bearingDeg }) => ({
      fromS: atS + forS,
      settlesS,
      offset: towards(bearingDeg ?? 360 * random(), jumpM),
      honest: false,
    })),
    ...tunnelExitsS.map((fromS) => ({
      fromS,
      settlesS: tunnels.settlesS,
      offset: towards(360 * random(), tunnels.exitErrorM),
      honest: true,
    })),
  ].filter(({ offset }) => lengthM(offset) > 0);
  const gauss = (sigmaM: number): Offset => ({
    eastM: sigmaM * normal(random),
    northM: sigmaM * normal(random),
  });
  let slow = gauss(noise.sigmaM);
  return (timeS) => {
    slow = plus(scaled(slow, keep), gauss(noise.sigmaM * Math.sqrt(1 - keep * keep)));
    const drifted = towards(driftDeg, Math.min(drift.maxM, drift.mps * timeS));
    const extra = [
      ...multipath.filter(({ atS, forS }) => timeS >= atS && timeS < atS + forS),
      ...fading.flatMap((each) => fade(each, timeS)),
    ];
    const known = plus(drifted, sum(extra.filter(({ honest }) => honest)));
    const spreadM = CIRCULAR_95 * Math.hypot(noise.sigmaM, noise.whiteM);
    const honestM = Math.max(0.01, spreadM + lengthM(known));
    const usual = plus(plus(slow, gauss(noise.whiteM)), known);
    const bounded = noise.tails === "bounded" ? atMost(usual, boundM(receiver, honestM)) : usual;
    return { offset: plus(bounded, sum(extra.filter(({ honest }) => !honest))), honestM };
  };
}

function boundM({ accuracy }: Receiver, honestM: number): number {
  const claimedM = accuracy.says === "absent" ? ASSUMED.accuracyM : honestM;
  return WITHIN * ASSUMED.confidenceFactor * claimedM;
}

function fade(
  { fromS, settlesS, offset, honest }: { fromS: number; settlesS: number; offset: Offset; honest: boolean },
  timeS: number,
): { offset: Offset; honest: boolean }[] {
  const sinceS = timeS - fromS;
  if (sinceS < 0 || sinceS > settlesS) return [];
  return [{ offset: scaled(offset, settlesS === 0 ? 1 : 1 - sinceS / settlesS), honest }];
}

/** At random times, as often as is said on average. */
function randomMultipath({ multipathAtRandom: often }: Receiver, random: Random): Receiver["multipath"] {
  if (often === undefined) return [];
  const found: Receiver["multipath"] = [];
  for (let atS = 0; found.length < 1000;) {
    atS += -often.everyS * Math.log(1 - random());
    if (atS > 100_000) break;
    found.push({ atS, forS: often.forS, offsetM: often.offsetM * random(), honest: false });
  }
  return found;
}

function scaled({ eastM, northM }: Offset, factor: number): Offset {
  return { eastM: eastM * factor, northM: northM * factor };
}

function sum(all: readonly { readonly offset: Offset }[]): Offset {
  return all.reduce((total, { offset }) => plus(total, offset), NO_OFFSET);
}
