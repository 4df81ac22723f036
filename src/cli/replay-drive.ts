import { setImmediate } from "node:timers/promises";
import { Subject, VirtualTimeScheduler, of } from "rxjs";
import type { SchedulerLike } from "rxjs";
import type { GuardPolicyInput } from "../config.ts";
import { GuardPolicy } from "../config.ts";
import type { Outcome } from "../gate/record.ts";
import { createGuard } from "../guard.ts";
import type { Guard, GuardOptions, Revocation } from "../guard.ts";
import type { Redactor } from "../redaction/redactor.ts";
import { createRedactor } from "../redaction/redactor.ts";
import type { Camera } from "../sources/camera.ts";
import type { GnssReport } from "../sources/fix.ts";
import type { FrameIn } from "../sources/frame.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import type { TimeLine } from "./time-lines.ts";

export interface ReplayOptions {
  readonly lines: readonly TimeLine[];
  readonly zones: ZoneSet;
  readonly cameras: readonly Camera[];
  /** The frames of one time line, in time order. */
  readonly framesOf: (line: TimeLine) => AsyncIterable<FrameIn> | Iterable<FrameIn>;
  readonly policy: GuardPolicyInput;
  /** What the inputs are given to. @default a bare guard */
  readonly openGuard?: (options: GuardOptions, clock: SchedulerLike) => Guard | Promise<Guard>;
  /** Called for every frame, in order; what it returns is awaited before time goes on. */
  readonly onOutcome: (outcome: Outcome) => void | Promise<void>;
  readonly onRevocation: (revocation: Revocation) => void;
  /** Called now and then with the time that the drive has reached. */
  readonly onProgress: (timeMs: number) => void;
}

/** Frames between two looks at the progress. */
const FRAMES_PER_PROGRESS = 4096;

/**
 * Plays a drive through the guard in virtual time, judged as the vehicle would: a report is known from its arrival
 * on, a fix before the frames of the same millisecond. The clock stands while anything is being redacted or written,
 * so that the speed of this machine changes no verdict.
 */
export async function replayDrive(options: ReplayOptions): Promise<void> {
  const { policy, openGuard = createGuard } = options;
  const clock = new VirtualTimeScheduler();
  clock.frame = options.lines[0]?.startMs ?? 0;
  const fixes = new Subject<GnssReport>();
  const cameras = options.cameras.map((camera) => ({ ...camera, frames: new Subject<FrameIn>() }));
  const underWay = createUnderWay();
  const { redaction, gate } = GuardPolicy.parse(policy);
  const redactor = underWay.watch(createRedactor(redaction));
  const guard = await openGuard(
    { fixes, zones: of(options.zones), cameras, policy, redactor, clearance: "exact" },
    clock,
  );
  guard.outcomes.subscribe((outcome) => underWay.add(options.onOutcome(outcome)));
  guard.revocations.subscribe(options.onRevocation);
  const inputs = guard.open();
  const frameIn = new Map(cameras.map(({ id, frames }) => [id, frames]));
  for (const line of options.lines) {
    await playLine(line, options, clock, fixes, (frame) => {
      frameIn.get(frame.camera)?.next(frame);
      return underWay.any() ? underWay.done() : undefined;
    });
  }
  // Frames that still wait for a next fix have waited long enough.
  advance(clock, clock.frame + gate.holdMs + gate.maxRedactionMs);
  await underWay.done();
  inputs.unsubscribe();
}

/** Lets the reports and the frames of a time line happen, each at its time. */
async function playLine(
  line: TimeLine,
  { framesOf, onProgress }: ReplayOptions,
  clock: VirtualTimeScheduler,
  fixes: Subject<GnssReport>,
  take: (frame: FrameIn) => void | Promise<void>,
): Promise<void> {
  let next = 0;
  let count = 0;
  clock.frame = line.startMs;
  const arrive = (untilMs: number): void => {
    for (
      let at = line.arrivals[next];
      at !== undefined && at.arrivedMs <= untilMs;
      at = line.arrivals[++next]
    ) {
      advance(clock, at.arrivedMs);
      fixes.next(at.report);
    }
  };
  const frames = iteratorOf(framesOf(line));
  for (;;) {
    // Made-up frames come without a promise: awaiting each would cost more than judging it.
    const stepping = frames.next();
    const step = stepping instanceof Promise ? await stepping : stepping;
    if (step.done === true) break;
    arrive(step.value.timeMs);
    advance(clock, step.value.timeMs);
    const taken = take(step.value);
    if (taken instanceof Promise) await taken;
    if (count++ % FRAMES_PER_PROGRESS === 0) onProgress(step.value.timeMs);
  }
  arrive(Infinity);
}

function iteratorOf<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}

/** Lets time pass: what is due by then happens at its own time. Time never goes back. */
function advance(clock: VirtualTimeScheduler, untilMs: number): void {
  clock.maxFrames = untilMs;
  clock.flush();
  clock.frame = Math.max(clock.frame, untilMs);
}

/** Follows the work that goes on outside of virtual time. */
function createUnderWay() {
  let running: Promise<unknown>[] = [];
  const add = <T>(work: T | Promise<T>): T | Promise<T> => {
    if (work instanceof Promise) running.push(work);
    return work;
  };
  return {
    add,
    any: () => running.length > 0,
    async done(): Promise<void> {
      while (running.length > 0) {
        const current = running;
        running = [];
        await Promise.all(current);
        // What was redacted is on its way through the guard's own promises; it may yet be written.
        await setImmediate();
      }
    },
    watch: (redactor: Redactor): Redactor => ({
      ...redactor,
      release: (frame) => add(redactor.release(frame)),
      blur: (frame) => add(redactor.blur(frame)),
    }),
  };
}
