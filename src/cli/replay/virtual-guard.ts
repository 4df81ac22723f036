import { Subject, VirtualTimeScheduler, of } from "rxjs";
import type { SchedulerLike } from "rxjs";
import type { GuardPolicyInput } from "../../config.ts";
import { GuardPolicy } from "../../config.ts";
import type { ClearanceMode } from "../../gate/gatekeeper.ts";
import type { Outcome } from "../../gate/record.ts";
import { createGuard } from "../../guard.ts";
import type { Guard, GuardOptions, Revocation } from "../../guard-interface.ts";
import { createRedactor } from "../../redaction/redactor.ts";
import type { Camera } from "../../sources/camera.ts";
import type { GnssReport } from "../../sources/fix.ts";
import type { FrameIn } from "../../sources/frame.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { advance, createUnderWay } from "./virtual-time.ts";

export interface VirtualGuardOptions {
  readonly zones: ZoneSet;
  readonly cameras: readonly Camera[];
  readonly policy: GuardPolicyInput;
  readonly clearance: ClearanceMode;
  /** Where the clock stands to begin with. */
  readonly startMs: number;
  /** What the inputs are given to. @default a bare guard */
  readonly openGuard?: (options: GuardOptions, clock: SchedulerLike) => Guard | Promise<Guard>;
  /** Called for every frame, in order for each camera; what it returns is awaited before time goes on. */
  readonly onOutcome: (outcome: Outcome) => void | Promise<void>;
  readonly onRevocation: (revocation: Revocation) => void;
}

/**
 * The guard on a recording's own clock. The clock stands while anything is being redacted or written, so that the speed
 * of this machine changes no verdict.
 */
export interface VirtualGuard {
  /** Sets the clock, as it was set in the recording. */
  startAt(timeMs: number): void;
  /** A report that arrived at `arrivedMs`. */
  report(report: GnssReport, arrivedMs: number): void;
  /** A frame that arrived at `arrivedMs`; a promise says that something goes on that must end first. */
  frame(frame: FrameIn, arrivedMs: number): void | Promise<void>;
  /** Lets what still waits have waited long enough, and closes the gate. */
  end(): Promise<void>;
}

export async function openVirtualGuard(options: VirtualGuardOptions): Promise<VirtualGuard> {
  const { policy, clearance, openGuard = createGuard } = options;
  const clock = new VirtualTimeScheduler();
  clock.frame = options.startMs;
  const fixes = new Subject<GnssReport>();
  const cameras = options.cameras.map((camera) => ({ ...camera, frames: new Subject<FrameIn>() }));
  const underWay = createUnderWay();
  const { redaction, gate } = GuardPolicy.parse(policy);
  const redactor = underWay.watch(createRedactor(redaction));
  const guard = await openGuard(
    { fixes, zones: of(options.zones), cameras, policy, redactor, clearance },
    clock,
  );
  guard.outcomes.subscribe((outcome) => underWay.add(options.onOutcome(outcome)));
  guard.revocations.subscribe(options.onRevocation);
  const inputs = guard.open();
  const frameIn = new Map(cameras.map(({ id, frames }) => [id, frames]));
  return {
    startAt(timeMs) {
      clock.frame = timeMs;
    },
    report(report, arrivedMs) {
      advance(clock, arrivedMs);
      fixes.next(report);
    },
    frame(frame, arrivedMs) {
      advance(clock, arrivedMs);
      frameIn.get(frame.camera)?.next(frame);
      return underWay.any() ? underWay.done() : undefined;
    },
    async end() {
      advance(clock, clock.frame + gate.holdMs + gate.maxRedactionMs);
      await underWay.done();
      inputs.unsubscribe();
    },
  };
}
