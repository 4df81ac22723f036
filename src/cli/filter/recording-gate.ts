import { GuardPolicy } from "../../config.ts";
import type { GuardPolicyInput } from "../../config.ts";
import type { Outcome } from "../../gate/record.ts";
import { createTracker } from "../../positioning/tracker.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import type { Entry } from "./entry.ts";
import type { Event } from "./sort-messages.ts";
import { createStreams } from "./streams.ts";
import type { LossReason } from "./tally.ts";
import type { WaitingLine } from "./waiting-line.ts";

/** Judges what waits in line, and knows when it need not wait any longer. */
export interface RecordingGate {
  take(event: Event): Promise<void>;
  /** Whether a frame of that time can be proved wrong no more. */
  isConfirmed(frameMs: number): boolean;
  /** A frame is out of reach. */
  wentOut(entry: Entry): void;
  end(): Promise<void>;
  revokedTooLate(): number;
}

type FrameEvent = Extract<Event, { kind: "frame" }>;

export function createRecordingGate(
  { zones, policy: given }: { readonly zones: ZoneSet; readonly policy: GuardPolicyInput },
  line: WaitingLine,
): RecordingGate {
  // Nobody else reads the messages that were read: they are redacted where they lie.
  const policy: GuardPolicyInput = { ...given, redaction: { ...given.redaction, originals: "policy" } };
  const { positioning } = GuardPolicy.parse(policy);
  const pending = new Map<string, FrameEvent[]>();
  const out = createOutLog();
  let tracker = createTracker(positioning);
  let clockMs = Number.NEGATIVE_INFINITY;

  const streams = createStreams(
    {
      zones,
      policy,
      onOutcome(stream, outcome) {
        const event = pending.get(stream)?.shift();
        if (event !== undefined) settle(event, outcome, line);
      },
      onRevocation(stream, { afterMs, untilMs }) {
        const isOf = (frameMs: number) => frameMs > afterMs && frameMs <= untilMs;
        line.drop(
          "implausible-fix",
          ({ stream: own, fate }) => fate.kind === "released" && own === stream && isOf(fate.frameMs),
        );
        out.revoke(stream, isOf);
      },
    },
    () => {
      tracker = createTracker(positioning);
      // No fix on the new clock can speak of what was judged on the old one.
      line.confirmAll();
      clockMs = Number.NEGATIVE_INFINITY;
    },
  );

  return {
    async take(event) {
      if (event.kind === "frame") {
        const { stream, camera, shot, logMs } = event;
        const waiting = pending.get(stream) ?? [];
        waiting.push(event);
        pending.set(stream, waiting);
        await streams.frame(stream, camera, shot, logMs);
        clockMs = Math.max(clockMs, logMs);
        return;
      }
      await streams.report(event.report, event.logMs);
      clockMs = Math.max(clockMs, event.logMs);
      tracker.report(event.report, clockMs);
    },
    isConfirmed: (frameMs) =>
      // After a longer silence the next fix is as good as the first, and contradicts none.
      tracker.newestMs() >= frameMs || clockMs - frameMs > positioning.maxGapMs + positioning.maxFixAgeMs,
    wentOut: (entry) => out.add(entry),
    end: () => streams.end(),
    revokedTooLate: () => out.revoked(),
  };
}

/** Hands the outcome of the gate to the message that waits for it. */
function settle(
  { entry, shot, withData, passOnly }: FrameEvent,
  { record, released }: Outcome,
  line: WaitingLine,
): void {
  // Given up while the gate had it.
  if (entry.fate.kind !== "unjudged") return;
  const frame = released?.frame ?? null;
  if (frame === null || record.action === "drop") {
    line.give(entry, { kind: "dropped", reason: record.reason as LossReason }, []);
  } else if (passOnly && record.action === "blur") {
    line.give(entry, { kind: "dropped", reason: "redaction-failed" }, []);
  } else if ("broken" in shot || frame.strideBytes !== shot.strideBytes) {
    // The message goes on saying how its rows lie.
    line.give(entry, { kind: "dropped", reason: "redaction-failed" }, []);
  } else {
    const parts = frame.data === shot.data ? entry.parts : withData(frame.data);
    entry.frame = frame;
    line.give(entry, { kind: "released", action: record.action, frameMs: frame.timeMs }, parts);
  }
}

/** Frames of one stream that are remembered after they went out: a minute of a fast camera. */
const MAX_REMEMBERED = 4096;

/** Remembers what went out, to tell when it should not have. */
function createOutLog() {
  const times = new Map<string, number[]>();
  let revoked = 0;
  return {
    add({ stream, fate }: Entry): void {
      if (stream === null || fate.kind !== "released") return;
      const own = times.get(stream) ?? [];
      own.push(fate.frameMs);
      times.set(stream, own.length > 2 * MAX_REMEMBERED ? own.slice(-MAX_REMEMBERED) : own);
    },
    revoke(stream: string, isOf: (frameMs: number) => boolean): void {
      const own = times.get(stream) ?? [];
      const left = own.filter((frameMs) => !isOf(frameMs));
      revoked += own.length - left.length;
      times.set(stream, left);
    },
    revoked: () => revoked,
  };
}
