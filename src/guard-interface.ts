import type { Observable, Subscription } from "rxjs";
import type { GuardPolicyInput } from "./config.ts";
import type { ClearanceMode } from "./gate/gatekeeper.ts";
import type { Notice } from "./gate/notices.ts";
import type { Outcome } from "./gate/record.ts";
import type { Redactor } from "./redaction/redactor.ts";
import type { CameraInput } from "./sources/camera.ts";
import type { GnssReport } from "./sources/fix.ts";
import type { FrameIn } from "./sources/frame.ts";
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
