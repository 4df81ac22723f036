import type { Segment, SegmentStore } from "../buffer/segment-store.ts";
import type { Random } from "../core/random.ts";
import { backOffMs } from "./back-off.ts";
import type { BackOffOptions } from "./back-off.ts";
import { obstacleOf } from "./outcome.ts";
import type { Ending } from "./outcome.ts";

export interface QueueOptions {
  readonly store: SegmentStore;
  readonly region: string;
  readonly backOff: BackOffOptions;
  readonly random: Random;
  /** How often an empty queue looks again. */
  readonly pollMs: number;
  readonly nowMs: () => number;
}

/** The segments of one region in the order in which they leave. */
export interface Queue {
  /** The oldest that may be tried now, or null. */
  next(): Turn | null;
  /** Takes note of how an attempt ended. */
  note(segment: Segment, ending: Ending): void;
  /** How long to wait before the next is asked for. */
  waitMs(): number;
}

export interface Turn {
  readonly segment: Segment;
  /** The receiver failed at what an earlier attempt has brought there, several times. */
  readonly startOver: boolean;
}

// A failure that may be the endpoint's is held against the segment when it comes this often: it may be that the
// receiver cannot take just this one, and the others must not wait behind it.
const PATIENT_ATTEMPTS = 3;

interface Failed {
  readonly failures: number;
  readonly untilMs: number;
  /** The receiver was there and failed at this upload. */
  readonly atReceiver: boolean;
}

/** Keeps the order but for segments that failed by themselves: they wait, longer and longer, and are passed over. */
export function createQueue({ store, region, backOff, random, pollMs, nowMs }: QueueOptions): Queue {
  const failed = new Map<string, Failed>();
  let endpointFailures = 0;
  let isIdle = false;
  const mayGo = ({ id, state, region: of }: Segment): boolean =>
    // Rule 5: only what was judged again by the zones in force.
    state === "ready" && of === region && (failed.get(id)?.untilMs ?? -Infinity) <= nowMs();
  const failedAgain = (id: string, ending: Ending): Failed => {
    const failures = (failed.get(id)?.failures ?? 0) + 1;
    const isItsOwn = obstacleOf(ending) === "segment" || failures > PATIENT_ATTEMPTS;
    const untilMs = isItsOwn ? nowMs() + backOffMs(failures, backOff, random) : -Infinity;
    const atReceiver =
      ending.kind === "retry-later" && (ending.why === "receiver-fault" || ending.why === "conflict");
    return { failures, untilMs, atReceiver };
  };
  return {
    next() {
      const segments = store.list();
      forgetGone(failed, segments);
      const segment = segments.find(mayGo);
      isIdle = segment === undefined;
      if (segment === undefined) return null;
      const { failures = 0, atReceiver = false } = failed.get(segment.id) ?? {};
      return { segment, startOver: atReceiver && failures > PATIENT_ATTEMPTS };
    },
    note({ id }, ending) {
      const obstacle = obstacleOf(ending);
      endpointFailures = obstacle === "endpoint" ? endpointFailures + 1 : 0;
      if (obstacle === "none") failed.delete(id);
      else failed.set(id, failedAgain(id, ending));
    },
    waitMs: () => (isIdle ? pollMs : backOffMs(endpointFailures, backOff, random)),
  };
}

function forgetGone(failed: Map<string, unknown>, segments: readonly Segment[]): void {
  const there = new Set(segments.map(({ id }) => id));
  for (const id of failed.keys()) if (!there.has(id)) failed.delete(id);
}
