import type { Observable, SchedulerLike } from "rxjs";
import { EMPTY, Subject, Subscription, asyncScheduler } from "rxjs";
import { GuardPolicy } from "./config.ts";
import type { GuardPolicyInput } from "./config.ts";
import { clockWatch } from "./core/clock-watch.ts";
import { CamfenceError, messageOf } from "./core/errors.ts";
import { secretRandom, seededRandom } from "./core/random.ts";
import { createCameraGate } from "./gate/camera-gate.ts";
import type { ClearanceMode, Gatekeeper } from "./gate/gatekeeper.ts";
import { createGatekeeper } from "./gate/gatekeeper.ts";
import type { Outcome } from "./gate/record.ts";
import { createTracker } from "./positioning/tracker.ts";
import { applyVerdict, discardFrame } from "./redaction/apply-verdict.ts";
import { isKeyframe, isSkippedLeading } from "./redaction/coded/keyframe.ts";
import type { Redactor } from "./redaction/redactor.ts";
import { createRedactor } from "./redaction/redactor.ts";
import { Camera } from "./sources/camera.ts";
import type { GnssReport } from "./sources/fix.ts";
import type { FrameIn } from "./sources/frame.ts";
import type { ZoneSet } from "./zones/zone-set.ts";
import { refusalOf } from "./zones/zone-set.ts";

export interface GuardOptions {
  readonly fixes: Observable<GnssReport>;
  /** Zone sets, each in force from its arrival on. The end of the stream changes nothing: the last set stays. */
  readonly zones: Observable<ZoneSet>;
  /** A frame's bytes must stay as they are until it has its outcome. */
  readonly cameras: readonly (Camera & { readonly frames: Observable<FrameIn> })[];
  readonly policy?: GuardPolicyInput;
  /** Makes what is released. @default the one that `policy.redaction` describes */
  readonly redactor?: Redactor;
  /** @default "bound" */
  readonly clearance?: ClearanceMode;
}

/** Frames after `afterMs` up to `untilMs` were judged by fixes that proved wrong: what is kept of them must go. */
export interface Revocation {
  readonly afterMs: number;
  readonly untilMs: number;
}

/** An input that ended or failed, a value that was refused, a clock that went back; the guard goes on. */
export interface Notice {
  readonly input: "fixes" | "zones" | "clock" | `camera ${string}`;
  readonly what: string;
}

export interface Guard {
  /**
   * One for every frame that came in, with what is released of it, in order for each camera. Completes when all
   * cameras have ended, and when the gate is closed: what had no outcome by then is dropped.
   */
  readonly outcomes: Observable<Outcome>;
  readonly revocations: Observable<Revocation>;
  readonly notices: Observable<Notice>;
  /**
   * Subscribes to the inputs, in the order zones, fixes, cameras. Unsubscribe to close the gate: nothing is released
   * any more. Throws a `usage` error when called again.
   */
  open(): Subscription;
}

/**
 * Guards camera streams by position: fixes, frames and zone sets in, released frames and verdicts out. Inputs may
 * fail, end or fall silent at any time; that drops, with a reason, what depends on them and never ends the guard
 * (rule 2). The scheduler's clock is the shared one, in milliseconds since the Unix epoch. Throws ZodError for a
 * policy or a camera outside its ranges, and a `usage` error for two cameras with one id.
 */
export function createGuard(options: GuardOptions, scheduler: SchedulerLike = asyncScheduler): Guard {
  const policy = GuardPolicy.parse(options.policy ?? {});
  const cameras = checkedCameras(options.cameras);
  const random = policy.gate.seed === undefined ? secretRandom : seededRandom(policy.gate.seed);
  const tracker = createTracker(policy.positioning);
  const gatekeeper = createGatekeeper(cameras, policy.gate, random, options.clearance);
  const redactor = options.redactor ?? createRedactor(policy.redaction);
  const { clockErrorMs } = policy.positioning;
  const out = {
    outcomes: new Subject<Outcome>(),
    revocations: new Subject<Revocation>(),
    notices: new Subject<Notice>(),
  };
  const ends = createEnds(cameras.length, out.outcomes);
  const watchClock = clockWatch(clockErrorMs, scheduler, (what) => {
    tracker.restart();
    out.notices.next({ input: "clock", what });
  });

  const gates = cameras.map((camera) =>
    createCameraGate(
      {
        camera,
        policy: policy.gate,
        clockErrorMs,
        newestFixMs: () => tracker.newestMs(),
        judge: (timeMs) => gatekeeper.judge(camera, tracker.reachAt(timeMs), timeMs),
        codedVideo: { isKeyframe, isSkippedLeading },
        apply: (record, frame) => applyVerdict(redactor, record, frame),
        discard: (frame) => discardFrame(redactor, frame),
        emit: (outcome) => ends.emit(outcome),
      },
      scheduler,
    ),
  );

  function takeFix(report: GnssReport): void {
    const nowMs = watchClock();
    const track = tracker.report(report, nowMs);
    if (track.kind === "trusted") gatekeeper.fixed(tracker.reachAt(report.timeMs), report.timeMs);
    if (track.kind === "jump") revoke({ afterMs: track.trustedUntilMs, untilMs: nowMs + clockErrorMs });
    for (const gate of gates) gate.pump();
  }

  function revoke(revocation: Revocation): void {
    // First what is under way: it would be released after the revocation.
    for (const gate of gates) gate.revoke(revocation.afterMs);
    out.revocations.next(revocation);
  }

  let opened = false;
  function open(): Subscription {
    if (opened) throw new CamfenceError("usage", "a guard opens once: create another");
    opened = true;
    const inputs = new Subscription();
    const follow = follower(inputs, out.notices);
    follow("zones", options.zones, acceptZones(gatekeeper, out.notices), () => {});
    follow("fixes", options.fixes, takeFix, () => tracker.lost());
    for (const [i, { id }] of cameras.entries()) {
      const push = (frame: FrameIn): void => {
        watchClock();
        ends.take();
        gates[i]?.push(frame);
      };
      follow(`camera ${id}`, options.cameras[i]?.frames ?? EMPTY, push, () => ends.ended());
    }
    inputs.add(() => {
      gates.forEach((gate) => gate.close());
      out.outcomes.complete();
    });
    return inputs;
  }

  return { ...out, open };
}

/** A mount of NaN degrees would see nothing: checked here, whatever the types say. */
function checkedCameras(given: GuardOptions["cameras"]): readonly Camera[] {
  const cameras = given.map(({ id, yawDeg, hfovDeg, rangeM, kind }) =>
    Camera.parse({ id, yawDeg, hfovDeg, rangeM, kind }),
  );
  const ids = new Set(cameras.map(({ id }) => id));
  if (ids.size === cameras.length) return cameras;
  throw new CamfenceError(
    "usage",
    `got cameras ${cameras.map(({ id }) => id).join(", ")}, expected each id once`,
  );
}

/** Rule 4: a set that is empty or older than the one in force does not take its place. */
function acceptZones(gatekeeper: Gatekeeper, notices: Subject<Notice>): (set: ZoneSet) => void {
  let inForce: ZoneSet | null = null;
  return (set) => {
    const refusal = refusalOf(set, inForce);
    if (refusal !== null) return notices.next({ input: "zones", what: refusal });
    inForce = set;
    gatekeeper.useZones(set);
  };
}

/** Subscribes to inputs so that none can end or break the guard: what happens to one is a notice. */
function follower(inputs: Subscription, notices: Subject<Notice>) {
  return <T>(
    input: Notice["input"],
    source: Observable<T>,
    take: (value: T) => void,
    ended: () => void,
  ): void => {
    const end = (what: string): void => {
      ended();
      notices.next({ input, what });
    };
    const attempt = (value: T): void => {
      try {
        take(value);
      } catch (thrown) {
        notices.next({ input, what: `refused a value: ${messageOf(thrown)}` });
      }
    };
    inputs.add(
      source.subscribe({
        next: attempt,
        error: (thrown: unknown) => end(`failed: ${messageOf(thrown)}`),
        complete: () => end("ended"),
      }),
    );
  };
}

/** Completes the outcomes when all cameras have ended and every frame has its outcome. */
function createEnds(cameras: number, outcomes: Subject<Outcome>) {
  let open = cameras;
  let pending = 0;
  const settle = (): void => {
    if (open === 0 && pending === 0) outcomes.complete();
  };
  return {
    take(): void {
      pending++;
    },
    emit(outcome: Outcome): void {
      pending--;
      outcomes.next(outcome);
      settle();
    },
    ended(): void {
      open--;
      settle();
    },
  };
}
