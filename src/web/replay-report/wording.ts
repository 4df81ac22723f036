import { formatIso } from "../../core/time.ts";
import type { Action, Reason } from "../../gate/verdict.ts";
import { countText } from "../report/count-text.ts";
import type { Run } from "./runs.ts";

export const ACTION_TEXT: Readonly<Record<Action, string>> = {
  pass: "passed",
  blur: "blurred",
  drop: "dropped",
};

/** What each reason says, for a reader who has not read ours. */
export const REASON_TEXT: Readonly<Record<Reason, string>> = {
  clear: "no restricted zone near, none in view",
  inside: "the vehicle may have been in a zone or its standoff",
  "in-view": "the camera may have seen a zone whose sight is protected",
  leaving: "just left a zone: not yet clear for long enough",
  "no-fix": "no position yet",
  "stale-fix": "the last position was too old",
  "coarse-fix": "the position was not exact enough",
  "implausible-fix": "the position jumped: not believed until several agree",
  "simulated-fix": "the receiver said that the position was simulated",
  "no-zones": "no zone set was in force",
  "zones-expired": "the zone set had expired",
  "outside-coverage": "the zone set does not cover the place",
  "bad-frame": "the frame could not be read",
  "late-frame": "the frame came too late to be judged",
  "awaiting-keyframe": "coded video: cannot be decoded before the next keyframe",
  "redaction-failed": "the frame could not be blurred",
  overload: "more frames than could be judged in time",
  cabin: "a camera that looks into the cabin",
};

const DOUBTS: ReadonlySet<Reason> = new Set<Reason>([
  "no-fix",
  "stale-fix",
  "coarse-fix",
  "implausible-fix",
  "simulated-fix",
]);

/** True for the reasons that say that nobody knew where the vehicle was. */
export function isDoubt(reason: Reason): boolean {
  return DOUBTS.has(reason);
}

/** Names a time, UTC: short on the day on which the drive began. */
export type TimeText = (timeMs: number) => string;

export function timeTextFrom(startMs: number): TimeText {
  const day = formatIso(startMs).slice(0, 10);
  return (timeMs) => {
    const text = formatIso(timeMs);
    return text.startsWith(day) ? text.slice(11, 19) : `${text.slice(0, 10)} ${text.slice(11, 19)}`;
  };
}

/** `1 h 02 min`, `3 min 20 s`, `12 s` */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, min, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h > 0) return `${h} h ${String(min).padStart(2, "0")} min`;
  return min > 0 ? `${min} min ${String(s).padStart(2, "0")} s` : `${s} s`;
}

/** `front: 133 dropped, inside sample/fort` */
export function runText(run: Run): string {
  const counts = [
    run.passed > 0 ? `${countText(run.passed)} passed` : "",
    run.blurred > 0 ? `${countText(run.blurred)} blurred` : "",
    run.dropped > 0 ? `${countText(run.dropped)} dropped` : "",
  ].filter((text) => text !== "");
  const zones = run.zones.length === 0 ? "" : ` ${run.zones.join(", ")}`;
  const others = run.others === 0 ? "" : ` (and ${countText(run.others)} runs too short to show)`;
  return `${run.camera}: ${counts.join(", ")}, ${run.reason}${zones}${others}`;
}

/** `18:26:12 to 18:27:20` */
export function spanText({ fromMs, toMs }: { fromMs: number; toMs: number }, timeText: TimeText): string {
  const [from, to] = [timeText(fromMs), timeText(toMs)];
  return from === to ? from : `${from} to ${to}`;
}
