import type { Random } from "../../src/core/random.ts";
import type { GnssReport } from "../../src/sources/fix.ts";
import { ASSUMED } from "../assumptions.ts";
import { normal } from "../chance.ts";
import type { Truth } from "../drive.ts";
import type { Receiver } from "../scenario/receiver.ts";
import type { Epoch, Offset } from "./epoch.ts";
import { atMost, motionOf, moved, plus, towards } from "./epoch.ts";
import type { ErrorModel } from "./errors.ts";

export interface Measured {
  readonly receiver: Receiver;
  readonly startMs: number;
  readonly endMs: number;
  readonly truthAt: (timeMs: number) => Truth;
  readonly errorAt: ErrorModel;
  readonly inTunnel: (timeMs: number) => boolean;
  readonly random: Random;
}

/** Every report that the receiver makes by itself, before anybody interferes. */
export function measure(drive: Measured): readonly Epoch[] {
  const { receiver, startMs, endMs } = drive;
  const epochs: Epoch[] = [];
  let lastFixMs = startMs;
  for (let i = 0; ; i++) {
    const validMs = Math.round(startMs + (1000 * i) / receiver.rateHz);
    if (validMs > endMs) return epochs;
    // Errors go on while nothing is seen of them.
    const error = drive.errorAt((validMs - startMs) / 1000);
    const silence = silenceAt(drive, validMs);
    if (silence === null) lastFixMs = validMs;
    epochs.push({ validMs, report: reportOf(drive, validMs, silence, error, validMs - lastFixMs) });
  }
}

type Silence = "nothing" | "void" | "estimated";

function silenceAt({ receiver, startMs, inTunnel }: Measured, timeMs: number): Silence | null {
  const timeS = (timeMs - startMs) / 1000;
  const outage = receiver.outages.find(({ atS, forS }) => timeS >= atS && timeS < atS + forS);
  if (outage !== undefined) return outage.says;
  return inTunnel(timeMs) ? receiver.tunnels.says : null;
}

function reportOf(
  drive: Measured,
  timeMs: number,
  silence: Silence | null,
  error: ReturnType<ErrorModel>,
  blindMs: number,
): GnssReport | null {
  const { receiver } = drive;
  const velocityError = velocityErrorOf(drive);
  if (silence === "nothing") return null;
  if (silence === "void") return { timeMs, quality: "none" };
  const truth = drive.truthAt(timeMs);
  // Dead reckoning gets worse by a hundredth of the way or so; an honest one says how much.
  const reckonedM = silence === "estimated" ? (truth.speedMps * blindMs) / 100_000 : 0;
  const velocity = plus(towards(truth.courseDeg, truth.speedMps), velocityError);
  const { speedMps, courseDeg } = motionOf(velocity);
  return {
    timeMs,
    ...moved(truth, plus(error.offset, { eastM: reckonedM, northM: 0 })),
    accuracyM: claimedM(receiver, error.honestM + 3 * reckonedM),
    speedMps: receiver.saysSpeed ? speedMps : null,
    courseDeg: receiver.saysCourse && speedMps >= receiver.courseFromMps ? courseDeg : null,
    quality: silence === "estimated" ? "estimated" : receiver.quality,
  };
}

function velocityErrorOf({ receiver, random }: Measured): Offset {
  const sigma = receiver.speedErrorMps;
  const error = { eastM: sigma * normal(random), northM: sigma * normal(random) };
  return receiver.noise.tails === "bounded" ? atMost(error, 0.97 * ASSUMED.speedErrorMps) : error;
}

function claimedM({ accuracy }: Receiver, honestM: number): number | null {
  if (accuracy.says === "absent") return null;
  return accuracy.says === "honest" ? honestM : accuracy.factor * honestM;
}
