import type { SchedulerLike } from "rxjs";
import { EMPTY, NEVER, Subject, Subscription, asyncScheduler } from "rxjs";
import { GuardPolicy } from "./config.ts";
import { clockWatch } from "./core/clock-watch.ts";
import { CamfenceError } from "./core/errors.ts";
import type { NamedRandom } from "./core/random.ts";
import { secretRandom, seededByName } from "./core/random.ts";
import type { CameraGate } from "./gate/camera-gate.ts";
import { createCameraGate } from "./gate/camera-gate.ts";
import type { Gatekeeper } from "./gate/gatekeeper.ts";
import { createGatekeeper } from "./gate/gatekeeper.ts";
import type { Notice } from "./gate/notices.ts";
import { follow } from "./gate/notices.ts";
import type { OutcomeFlow } from "./gate/outcome-flow.ts";
import { createOutcomeFlow } from "./gate/outcome-flow.ts";
import type { Outcome, VerdictRecord } from "./gate/record.ts";
import { zonesInForce } from "./gate/zones-in-force.ts";
import type { Guard, GuardOptions, Revocation } from "./guard-interface.ts";
import type { Tracker } from "./positioning/tracker.ts";
import { createTracker } from "./positioning/tracker.ts";
import { applyVerdict, discardFrame } from "./redaction/apply-verdict.ts";
import { isKeyframe, isSkippedLeading } from "./redaction/coded/keyframe.ts";
import type { Redactor } from "./redaction/redactor.ts";
import { createRedactor } from "./redaction/redactor.ts";
import type { Camera } from "./sources/camera.ts";
import { checkCameras } from "./sources/camera.ts";
import type { GnssReport } from "./sources/fix.ts";
import type { Frame, FrameIn } from "./sources/frame.ts";
import type { WheelSpeed } from "./sources/live/wheel-speed.ts";
import type { ZoneSet } from "./zones/zone-set.ts";

/**
 * Guards camera streams by position: fixes, frames and zone sets in, released frames and verdicts out. Inputs may
 * fail, end or fall silent at any time; that drops, with a reason, what depends on them and never ends the guard
 * (rule 2). The scheduler's clock is the shared one, in milliseconds since the Unix epoch. Throws ZodError for a
 * policy or a camera outside its ranges, and a `usage` error for two cameras with one id.
 */
export function createGuard(options: GuardOptions, scheduler: SchedulerLike = asyncScheduler): Guard {
  return new VehicleGuard(options, scheduler);
}

class VehicleGuard implements Guard {
  readonly outcomes = new Subject<Outcome>();
  readonly revocations = new Subject<Revocation>();
  readonly notices = new Subject<Notice>();
  readonly zonesInForce = new Subject<ZoneSet>();
  // A function of its own: a guard may be spread into something larger.
  readonly open = once(() => this.#openInputs());

  readonly #options: GuardOptions;
  readonly #policy: GuardPolicy;
  readonly #tracker: Tracker;
  readonly #gatekeeper: Gatekeeper;
  readonly #redactor: Redactor;
  readonly #flow: OutcomeFlow;
  readonly #gates: readonly CameraGate[];
  /** Reads the shared clock. */
  readonly #clock: () => number;

  constructor(options: GuardOptions, scheduler: SchedulerLike) {
    const policy = GuardPolicy.parse(options.policy ?? {});
    const cameras = checkCameras(options.cameras);
    const { clockErrorMs } = policy.positioning;
    const random = randomOf(policy.gate);
    this.#options = options;
    this.#policy = policy;
    this.#tracker = createTracker(policy.positioning);
    this.#gatekeeper = createGatekeeper(cameras, policy.gate, random, clockErrorMs, options.clearance);
    this.#redactor = options.redactor ?? createRedactor(policy.redaction);
    this.#flow = createOutcomeFlow(cameras.length, this.outcomes);
    this.#gates = cameras.map((camera) => this.#gateOf(camera, scheduler));
    this.#clock = clockWatch(clockErrorMs, scheduler, (what) => this.#clockWentBack(what));
  }

  /** One camera's way: its reach, the verdict, what the redaction makes of it. */
  #gateOf(camera: Camera, scheduler: SchedulerLike): CameraGate {
    const options = {
      camera,
      policy: this.#policy.gate,
      clockErrorMs: this.#policy.positioning.clockErrorMs,
      newestFixMs: () => this.#tracker.newestMs(),
      judge: (timeMs: number) => this.#gatekeeper.judge(camera, this.#tracker.reachAt(timeMs), timeMs),
      codedVideo: { isKeyframe, isSkippedLeading },
      apply: (record: VerdictRecord, frame: Frame) => applyVerdict(this.#redactor, record, frame),
      discard: (frame: FrameIn) => discardFrame(this.#redactor, frame),
      emit: (outcome: Outcome) => this.#flow.outcome(outcome),
    };
    return createCameraGate(options, scheduler);
  }

  #openInputs(): Subscription {
    const { zones, wheelSpeeds = NEVER, fixes } = this.#options;
    const tracker = this.#tracker;
    const inputs = new Subscription(() => this.#close());
    const useZones = zonesInForce((set) => this.#useZones(set));
    inputs.add(follow(this.notices, "zones", zones, useZones));
    const turned = (speed: WheelSpeed): void => tracker.wheelSpeed(speed, this.#clock());
    inputs.add(follow(this.notices, "wheels", wheelSpeeds, turned));
    const lost = (): void => tracker.lost();
    inputs.add(follow(this.notices, "fixes", fixes, (report) => this.#takeFix(report), lost));
    for (const [i, gate] of this.#gates.entries()) inputs.add(this.#followCamera(i, gate));
    return inputs;
  }

  #followCamera(number: number, gate: CameraGate): Subscription {
    const { id = "", frames = EMPTY } = this.#options.cameras[number] ?? {};
    const take = (frame: FrameIn): void => {
      this.#clock();
      this.#flow.frameIn();
      gate.push(frame);
    };
    return follow(this.notices, `camera ${id}`, frames, take, () => this.#flow.cameraEnded());
  }

  #useZones(set: ZoneSet): void {
    this.#gatekeeper.useZones(set);
    this.zonesInForce.next(set);
  }

  #takeFix(report: GnssReport): void {
    const nowMs = this.#clock();
    const tracker = this.#tracker;
    const track = tracker.report(report, nowMs);
    if (track.kind === "trusted") this.#gatekeeper.fixed(tracker.reachAt(report.timeMs), report.timeMs);
    if (track.kind === "jump") this.#revoke(track.trustedUntilMs, nowMs);
    for (const gate of this.#gates) gate.pump();
  }

  #revoke(afterMs: number, nowMs: number): void {
    // First what is under way: it would be released after the revocation.
    for (const gate of this.#gates) gate.revoke(afterMs);
    this.revocations.next({ afterMs, untilMs: nowMs + this.#policy.positioning.clockErrorMs });
  }

  /** Rule 2: closes the gate until fixes agree again. */
  #clockWentBack(what: string): void {
    this.#tracker.restart();
    this.notices.next({ input: "clock", what });
  }

  #close(): void {
    for (const gate of this.#gates) gate.close();
    this.outcomes.complete();
  }
}

/** A margin that is drawn for one zone changes none of another's: two sets with a zone in common agree about it. */
function randomOf({ seed }: GuardPolicy["gate"]): NamedRandom {
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
