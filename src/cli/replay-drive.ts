import { Subject, VirtualTimeScheduler, of } from "rxjs";
import type { GuardPolicyInput } from "../config.ts";
import { GuardPolicy } from "../config.ts";
import type { Outcome } from "../gate/record.ts";
import { createGuard } from "../pipeline.ts";
import type { Revocation } from "../pipeline.ts";
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
  const clock = new VirtualTimeScheduler();
  const unfinished = createUnfinished();
  const policy = GuardPolicy.parse(options.policy);
  const fixes = new Subject<GnssReport>();
  const frames = new Map(options.cameras.map((camera) => [camera.id, new Subject<FrameIn>()]));
  const guard = createGuard(
    {
      fixes,
      zones: of(options.zones),
      cameras: options.cameras.map((camera) => ({
        ...camera,
        frames: frames.get(camera.id) ?? new Subject(),
      })),
      policy: options.policy,
      redactor: unfinished.watch(createRedactor(policy.redaction)),
    },
    clock,
  );
  guard.outcomes.subscribe((outcome) => unfinished.add(options.onOutcome(outcome)));
  guard.revocations.subscribe(options.onRevocation);
  const inputs = guard.open();

  for (const line of options.lines) {
    clock.frame = line.startMs;
    const arrivals = line.arrivals[Symbol.iterator]();
    let next = arrivals.next();
    let count = 0;
    const arrive = (untilMs: number): void => {
      for (; !next.done && next.value.arrivedMs <= untilMs; next = arrivals.next()) {
        advance(clock, next.value.arrivedMs);
        fixes.next(next.value.report);
      }
    };
    for await (const frame of options.framesOf(line)) {
      arrive(frame.timeMs);
      advance(clock, frame.timeMs);
      frames.get(frame.camera)?.next(frame);
      if (unfinished.any()) await unfinished.all();
      if (count++ % FRAMES_PER_PROGRESS === 0) options.onProgress(frame.timeMs);
    }
    arrive(Infinity);
  }
  // What is still held for a next fix has waited long enough.
  advance(clock, clock.frame + policy.gate.holdMs);
  await unfinished.all();
  inputs.unsubscribe();
}

/** Lets time pass: what is due by then happens at its own time. Time never goes back. */
function advance(clock: VirtualTimeScheduler, untilMs: number): void {
  clock.maxFrames = untilMs;
  clock.flush();
  clock.frame = Math.max(clock.frame, untilMs);
}

/** Counts what is under way outside of virtual time. */
function createUnfinished() {
  let running: Promise<unknown>[] = [];
  const add = <T>(work: T | Promise<T>): T | Promise<T> => {
    if (work instanceof Promise) running.push(work);
    return work;
  };
  return {
    add,
    any: () => running.length > 0,
    /** Finished work may begin more, such as the writing of what was redacted. */
    async all(): Promise<void> {
      while (running.length > 0) {
        const current = running;
        running = [];
        await Promise.all(current);
      }
    },
    watch: (redactor: Redactor): Redactor => ({
      ...redactor,
      release: (frame) => add(redactor.release(frame)),
      blur: (frame) => add(redactor.blur(frame)),
    }),
  };
}
