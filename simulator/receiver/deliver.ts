import type { Random } from "../../src/core/random.ts";
import type { ReportArrival } from "../drive.ts";
import type { Receiver } from "../scenario/receiver.ts";
import type { Epoch } from "./epoch.ts";

/** A report on its way, with the true time that it speaks of. */
export interface Delivered extends ReportArrival {
  readonly validMs: number;
}

/** 1024 weeks: what GPS counts to. */
const ROLLOVER_MS = 1024 * 7 * 86_400_000;

/** When each report arrives, late ones and duplicates included, in the order of arrival. */
export function deliver(
  epochs: readonly Epoch[],
  receiver: Receiver,
  stamp: (validMs: number) => number,
  startMs: number,
  random: Random,
): readonly Delivered[] {
  const { latencyMs, latencyJitterMs, late, duplicates } = receiver;
  const delivered: Delivered[] = [];
  let inOrderMs = -Infinity;
  for (const [i, { validMs, report }] of epochs.entries()) {
    const [jitter, isLate, isTwice] = [random(), random() < late.share, random() < duplicates];
    if (report === null) continue;
    // A replayed report leaves in its place in the row, whatever time it speaks of.
    const leavesMs = startMs + (1000 * i) / receiver.rateHz;
    const ownMs = leavesMs + latencyMs + latencyJitterMs * jitter + (isLate ? late.byMs : 0);
    const arrivedMs = late.inOrder ? Math.max(ownMs, inOrderMs) : ownMs;
    inOrderMs = arrivedMs;
    const stamped = { ...report, timeMs: stamp(validMs) + receiversOwnMs(receiver, validMs, startMs) };
    delivered.push({ arrivedMs, validMs, report: stamped });
    if (isTwice)
      delivered.push({ arrivedMs: arrivedMs + 5 + latencyJitterMs * jitter, validMs, report: stamped });
  }
  return delivered.toSorted((a, b) => a.arrivedMs - b.arrivedMs);
}

/** By how much the receiver's idea of the time is off. */
function receiversOwnMs({ weekRolloverAtS, leapSecond }: Receiver, validMs: number, startMs: number): number {
  const timeS = (validMs - startMs) / 1000;
  const rolled = weekRolloverAtS !== undefined && timeS >= weekRolloverAtS ? -ROLLOVER_MS : 0;
  if (leapSecond === undefined) return rolled;
  const leaps = timeS >= leapSecond.atS && timeS < leapSecond.atS + leapSecond.forS;
  return rolled + (leaps ? 1000 * leapSecond.byS : 0);
}
