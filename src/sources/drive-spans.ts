import type { GnssReport } from "./fix.ts";

/** A stretch of time in which the receiver spoke. */
export interface DriveSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The stretches that a drive's reports cover, in time order, cut where it was silent for longer than `maxGapMs`
 * (default 1 h). Frames are made for each: a receiver that begins with a date of years ago would otherwise ask for
 * years of frames. Shorter silences stay within a stretch, since the cameras went on.
 */
export function driveSpans(reports: readonly GnssReport[], maxGapMs = 3_600_000): readonly DriveSpan[] {
  const times = Float64Array.from(reports, ({ timeMs }) => timeMs).toSorted();
  const spans: DriveSpan[] = [];
  let startMs = times[0] ?? 0;
  times.forEach((timeMs, index) => {
    const nextMs = times[index + 1];
    if (nextMs !== undefined && nextMs - timeMs <= maxGapMs) return;
    spans.push({ startMs, endMs: timeMs });
    startMs = nextMs ?? timeMs;
  });
  return spans;
}
