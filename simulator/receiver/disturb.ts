import { wrapDeg } from "../../src/core/plane.ts";
import type { Random } from "../../src/core/random.ts";
import type { Fix, GnssReport } from "../../src/sources/fix.ts";
import type { Ground } from "../route/ground.ts";
import type { Attack, Fault } from "../scenario/trouble.ts";
import type { Receiver } from "../scenario/receiver.ts";
import type { Epoch } from "./epoch.ts";
import { isFix, motionOf, moved, plus, towards } from "./epoch.ts";
import { quality0At } from "./nmea-void.ts";

export interface Disturbance {
  readonly startMs: number;
  readonly ground: Ground;
  readonly random: Random;
  readonly rateHz: number;
}

type Trouble = Attack | Fault;

/** Lets attacks and faults change what the receiver says, one after the other as the scenario has them. */
export function disturb(
  epochs: readonly Epoch[],
  all: readonly Trouble[],
  about: Disturbance,
): readonly Epoch[] {
  return all.reduce((before, trouble) => disturbOnce(before, trouble, about), epochs);
}

function disturbOnce(epochs: readonly Epoch[], trouble: Trouble, about: Disturbance): readonly Epoch[] {
  const secondsOf = ({ validMs }: Epoch): number => (validMs - about.startMs) / 1000;
  switch (trouble.kind) {
    case "meaconing": {
      const position = about.ground.positionOf(about.ground.pointOf(trouble.at));
      // The relayed signal is that of an antenna that stands.
      return during(epochs, trouble, secondsOf, (fix) => ({
        ...fix,
        ...position,
        speedMps: 0,
        courseDeg: null,
      }));
    }
    case "drift":
      return during(
        epochs,
        trouble,
        secondsOf,
        (fix, sinceS) => spoofed(fix, trouble, sinceS),
        trouble.returns,
      );
    case "simulated":
      return during(epochs, trouble, secondsOf, (fix) => ({ ...fix, quality: "simulated" }));
    case "replay":
      return replayed(epochs, trouble, about);
    case "wrong-places":
      return during(epochs, trouble, secondsOf, (fix) => wrongPlace(fix, trouble, about.random));
    case "no-fix-elsewhere":
      return during(epochs, trouble, secondsOf, (fix) =>
        quality0At(fix.timeMs, moved(fix, towards(360 * about.random(), trouble.awayM))),
      );
    case "receiver-dies": {
      const backS = trouble.atS + (trouble.how === "silent" ? (trouble.backAfterS ?? Infinity) : Infinity);
      return epochs.map((epoch) =>
        secondsOf(epoch) >= trouble.atS && secondsOf(epoch) < backS ? { ...epoch, report: null } : epoch,
      );
    }
    case "zone-rollback":
    case "clock-step":
    case "camera-dies":
    case "frame-burst":
    case "broken-frames":
    case "zones-replaced":
    case "disk-full":
    case "kill":
      return epochs;
    default:
      return trouble satisfies never;
  }
}

function during(
  epochs: readonly Epoch[],
  { atS, forS }: { readonly atS: number; readonly forS: number },
  secondsOf: (epoch: Epoch) => number,
  change: (fix: Fix, sinceS: number) => GnssReport | null,
  ends = true,
): readonly Epoch[] {
  return epochs.map((epoch) => {
    const sinceS = secondsOf(epoch) - atS;
    if (sinceS < 0 || (ends && sinceS >= forS) || !isFix(epoch.report)) return epoch;
    return { ...epoch, report: change(epoch.report, Math.min(sinceS, forS)) };
  });
}

/** A track that leaves the true one steadily, and says the speed that goes with it. */
function spoofed(fix: Fix, drift: Extract<Trouble, { kind: "drift" }>, sinceS: number): Fix {
  const place = moved(fix, towards(drift.bearingDeg, drift.mps * sinceS));
  if (fix.speedMps === null || fix.courseDeg === null || sinceS >= drift.forS) return { ...fix, ...place };
  const velocity = plus(towards(fix.courseDeg, fix.speedMps), towards(drift.bearingDeg, drift.mps));
  return { ...fix, ...place, ...motionOf(velocity) };
}

function wrongPlace(
  fix: Fix,
  { offM, accuracyM }: Extract<Trouble, { kind: "wrong-places" }>,
  random: Random,
): Fix {
  const place = moved(fix, towards(360 * random(), between(offM, random())));
  return { ...fix, ...place, accuracyM: between(accuracyM, random()) };
}

function between([from, to]: readonly [number, number], share: number): number {
  return from + share * (to - from);
}

function replayed(
  epochs: readonly Epoch[],
  { atS, forS, agoS, restamped }: Extract<Trouble, { kind: "replay" }>,
  { startMs, rateHz }: Disturbance,
): readonly Epoch[] {
  const back = Math.round(agoS * rateHz);
  return epochs.map((epoch, i) => {
    const sinceS = (epoch.validMs - startMs) / 1000 - atS;
    const old = epochs[i - back];
    if (sinceS < 0 || sinceS >= forS || old === undefined || old.report === null) return epoch;
    // Restamped, the old place is told of the present.
    return restamped
      ? { validMs: epoch.validMs, report: { ...old.report, timeMs: epoch.validMs } }
      : { validMs: old.validMs, report: old.report };
  });
}

/** The digits stand still while the time goes on. */
export function stick(epochs: readonly Epoch[], stuck: Receiver["stuck"], startMs: number): readonly Epoch[] {
  let last: Fix | null = null;
  return epochs.map((epoch) => {
    const timeS = (epoch.validMs - startMs) / 1000;
    const isStuck = stuck.some(({ atS, forS }) => timeS >= atS && timeS < atS + forS);
    if (!isFix(epoch.report)) return epoch;
    if (!isStuck || last === null) {
      last = epoch.report;
      return epoch;
    }
    const { latDeg, lonDeg } = last;
    return { ...epoch, report: { ...epoch.report, latDeg, lonDeg: wrapDeg(lonDeg) } };
  });
}
