import type { Observable, SchedulerLike } from "rxjs";
import { EMPTY, NEVER, Subject, Subscription, asyncScheduler } from "rxjs";
import { GuardPolicy } from "./config.ts";
import type { GuardPolicyInput } from "./config.ts";
import { clockWatch } from "./core/clock-watch.ts";
import { CamfenceError } from "./core/errors.ts";
import type { NamedRandom } from "./core/random.ts";
import { secretRandom, seededByName } from "./core/random.ts";
import type { CameraGate } from "./gate/camera-gate.ts";
import { createCameraGate } from "./gate/camera-gate.ts";
import type { ClearanceMode, Gatekeeper } from "./gate/gatekeeper.ts";
import { createGatekeeper } from "./gate/gatekeeper.ts";
import type { Notice } from "./gate/notices.ts";
import { follow } from "./gate/notices.ts";
import type { OutcomeFlow } from "./gate/outcome-flow.ts";
import { createOutcomeFlow } from "./gate/outcome-flow.ts";
import type { Outcome, VerdictRecord } from "./gate/record.ts";
import { zonesInForce } from "./gate/zones-in-force.ts";
import type { Tracker } from "./positioning/tracker.ts";
import { createTracker } from "./positioning/tracker.ts";
import { applyVerdict, discardFrame } from "./redaction/apply-verdict.ts";
import { isKeyframe, isSkippedLeading } from "./redaction/coded/keyframe.ts";
import type { Redactor } from "./redaction/redactor.ts";
import { createRedactor } from "./redaction/redactor.ts";
import type { Camera, CameraInput } from "./sources/camera.ts";
import { checkCameras } from "./sources/camera.ts";
import type { GnssReport } from "./sources/fix.ts";
import type { Frame, FrameIn } from "./sources/frame.ts";
import type { WheelSpeed } from "./sources/live/wheel-speed.ts";
import type { ZoneSet } from "./zones/zone-set.ts";

export interface GuardOptions {
  readonly fixes: Observable<GnssReport>;
  /** What the wheels say, where anybody asks them: a second opinion on the fixes. */
  readonly wheelSpeeds?: Observable<WheelSpeed>;
  /** Zone sets, each in force from its arrival on. The end of the stream changes nothing: the last set stays. */
  readonly zones: Observable<ZoneSet>;
  /** A frame's bytes must stay as they are until it has its outcome. */
  readonly cameras: readonly (CameraInput & { readonly frames: Observable<FrameIn> })[];
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

export interface Guard {
  /**
   * One for every frame that came in, with what is released of it, in order for each camera. Completes when all
   * cameras have ended, and when the gate is closed: what had no outcome by then is dropped.
   */
  readonly outcomes: Observable<Outcome>;
  readonly revocations: Observable<Revocation>;
  readonly notices: Observable<Notice>;
  /** Each zone set as it comes in force: before any frame is judged by it. A refused one is a notice instead. */
  readonly zonesInForce: Observable<ZoneSet>;
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
  const said: Said = {
    outcomes: new Subject(),
    revocations: new Subject(),
    notices: new Subject(),
    zonesInForce: new Subject(),
  };
  const parts = createParts(options, said, scheduler);
  return { ...said, open: once(() => openInputs(options, parts, said)) };
}

interface Said {
  readonly outcomes: Subject<Outcome>;
  readonly revocations: Subject<Revocation>;
  readonly notices: Subject<Notice>;
  readonly zonesInForce: Subject<ZoneSet>;
}

interface Parts {
  readonly policy: GuardPolicy;
  readonly tracker: Tracker;
  readonly gatekeeper: Gatekeeper;
  readonly redactor: Redactor;
  readonly flow: OutcomeFlow;
  readonly scheduler: SchedulerLike;
  /** Reads the clock; one that went back closes the gate until fixes agree again (rule 2). */
  readonly clock: () => number;
  readonly gates: readonly CameraGate[];
}

function createParts(options: GuardOptions, said: Said, scheduler: SchedulerLike): Parts {
  const policy = GuardPolicy.parse(options.policy ?? {});
  const cameras = checkCameras(options.cameras);
  const tracker = createTracker(policy.positioning);
  const gatekeeper = createGatekeeper(
    cameras,
    policy.gate,
    randomOf(policy),
    policy.positioning.clockErrorMs,
    options.clearance,
  );
  const redactor = options.redactor ?? createRedactor(policy.redaction);
  const flow = createOutcomeFlow(cameras.length, said.outcomes);
  const clock = clockWatch(policy.positioning.clockErrorMs, scheduler, (what) => {
    tracker.restart();
    said.notices.next({ input: "clock", what });
  });
  const parts = { policy, tracker, gatekeeper, redactor, flow, scheduler, clock };
  return { ...parts, gates: cameras.map((camera) => gateOf(camera, parts)) };
}

/** One camera's way: its reach, the verdict, what the redaction makes of it. */
function gateOf(camera: Camera, parts: Omit<Parts, "gates">): CameraGate {
  const { policy, tracker, gatekeeper, redactor, flow, scheduler } = parts;
  const options = {
    camera,
    policy: policy.gate,
    clockErrorMs: policy.positioning.clockErrorMs,
    newestFixMs: () => tracker.newestMs(),
    judge: (timeMs: number) => gatekeeper.judge(camera, tracker.reachAt(timeMs), timeMs),
    codedVideo: { isKeyframe, isSkippedLeading },
    apply: (record: VerdictRecord, frame: Frame) => applyVerdict(redactor, record, frame),
    discard: (frame: FrameIn) => discardFrame(redactor, frame),
    emit: (outcome: Outcome) => flow.outcome(outcome),
  };
  return createCameraGate(options, scheduler);
}

function openInputs(options: GuardOptions, parts: Parts, said: Said): Subscription {
  const { tracker, gates, flow, clock } = parts;
  const { notices } = said;
  const inputs = new Subscription(() => {
    for (const gate of gates) gate.close();
    said.outcomes.complete();
  });
  const useZones = zonesInForce((set) => {
    parts.gatekeeper.useZones(set);
    said.zonesInForce.next(set);
  });
  inputs.add(follow(notices, "zones", options.zones, useZones));
  const { wheelSpeeds = NEVER } = options;
  inputs.add(follow(notices, "wheels", wheelSpeeds, (speed) => tracker.wheelSpeed(speed, clock())));
  const lost = (): void => tracker.lost();
  inputs.add(follow(notices, "fixes", options.fixes, (report) => takeFix(report, parts, said), lost));
  for (const [i, gate] of gates.entries()) {
    const { id = "", frames = EMPTY } = options.cameras[i] ?? {};
    const takeFrame = (frame: FrameIn): void => {
      clock();
      flow.frameIn();
      gate.push(frame);
    };
    inputs.add(follow(notices, `camera ${id}`, frames, takeFrame, () => flow.cameraEnded()));
  }
  return inputs;
}

function takeFix(
  report: GnssReport,
  { tracker, gatekeeper, gates, policy, clock }: Parts,
  { revocations }: Said,
): void {
  const nowMs = clock();
  const track = tracker.report(report, nowMs);
  if (track.kind === "trusted") gatekeeper.fixed(tracker.reachAt(report.timeMs), report.timeMs);
  if (track.kind === "jump") {
    const afterMs = track.trustedUntilMs;
    // First what is under way: it would be released after the revocation.
    for (const gate of gates) gate.revoke(afterMs);
    revocations.next({ afterMs, untilMs: nowMs + policy.positioning.clockErrorMs });
  }
  for (const gate of gates) gate.pump();
}

/** A margin that is drawn for one zone changes none of another's: two sets with a zone in common agree about it. */
function randomOf({ gate: { seed } }: GuardPolicy): NamedRandom {
  return seed === undefined ? secretRandom : seededByName(seed);
}

function once<T>(start: () => T): () => T {
  let started = false;
  return () => {
    if (started) throw new CamfenceError("usage", "a guard opens once: create another");
    started = true;
    return start();
  };
}
