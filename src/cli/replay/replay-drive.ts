import type { GnssReport } from "../../sources/fix.ts";
import type { FrameIn } from "../../sources/frame.ts";
import type { TimeLine } from "./time-lines.ts";
import type { VirtualGuard, VirtualGuardOptions } from "./virtual-guard.ts";
import { openVirtualGuard } from "./virtual-guard.ts";

/** A frame with the time at which the vehicle had it; absent = that of the frame. */
export interface FrameArrival {
  readonly frame: FrameIn;
  readonly arrivedMs: number;
}

export interface ReplayOptions extends Omit<VirtualGuardOptions, "clearance" | "startMs"> {
  readonly lines: readonly TimeLine[];
  /** The frames of one time line, in time order; with a time of arrival where the drive states one. */
  readonly framesOf: (
    line: TimeLine,
  ) => AsyncIterable<FrameIn | FrameArrival> | Iterable<FrameIn | FrameArrival>;
  /** Called now and then with the time that the drive has reached. */
  readonly onProgress: (timeMs: number) => void;
  /** Called before anything happens at a time; to wait for it, as a viewer wants. */
  readonly pace?: (timeMs: number) => Promise<void>;
  /** Called with every report as it arrives. */
  readonly onReport?: (report: GnssReport) => void;
}

/** Frames between two looks at the progress. */
const FRAMES_PER_PROGRESS = 4096;

/**
 * Plays a drive through the guard in virtual time, judged as the vehicle would: a report is known from its arrival
 * on, a fix before the frames of the same millisecond.
 */
export async function replayDrive(options: ReplayOptions): Promise<void> {
  const startMs = options.lines[0]?.startMs ?? 0;
  const guard = await openVirtualGuard({ ...options, startMs, clearance: "exact" });
  for (const line of options.lines) await playLine(line, options, guard);
  await guard.end();
}

/** Lets the reports and the frames of a time line happen, each at its time. */
async function playLine(line: TimeLine, options: ReplayOptions, guard: VirtualGuard): Promise<void> {
  const { framesOf, onProgress, pace, onReport } = options;
  let next = 0;
  let count = 0;
  guard.startAt(line.startMs);
  const arrive = async (untilMs: number): Promise<void> => {
    for (
      let at = line.arrivals[next];
      at !== undefined && at.arrivedMs <= untilMs;
      at = line.arrivals[++next]
    ) {
      if (pace !== undefined) await pace(at.arrivedMs);
      guard.report(at.report, at.arrivedMs);
      onReport?.(at.report);
    }
  };
  const frames = iteratorOf(framesOf(line));
  for (;;) {
    // Made-up frames come without a promise: awaiting each would cost more than judging it.
    const stepping = frames.next();
    const step = stepping instanceof Promise ? await stepping : stepping;
    if (step.done === true) break;
    const { frame, arrivedMs } = arrivalOf(step.value);
    if ((line.arrivals[next]?.arrivedMs ?? Infinity) <= arrivedMs) await arrive(arrivedMs);
    if (pace !== undefined) await pace(arrivedMs);
    const taken = guard.frame(frame, arrivedMs);
    if (taken instanceof Promise) await taken;
    if (count++ % FRAMES_PER_PROGRESS === 0) onProgress(arrivedMs);
  }
  await arrive(Infinity);
}

function arrivalOf(step: FrameIn | FrameArrival): FrameArrival {
  return "frame" in step ? step : { frame: step, arrivedMs: step.timeMs };
}

function iteratorOf<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}
