import { BehaviorSubject, Observable, Subject, asyncScheduler } from "rxjs";
import type { SchedulerLike } from "rxjs";
import { CamfenceError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { secretRandom } from "../../core/random.ts";
import type { ZoneSet } from "../zone-set.ts";
import type { ZoneUpdatePolicy } from "./policy.ts";
import type { UpdateParts } from "./update-once.ts";
import { UpdateRun } from "./update-run.ts";
import type { UpdateNotice, UpdateStatus } from "./update-status.ts";
import { NO_STATUS } from "./update-status.ts";

export interface UpdaterOptions {
  readonly policy: ZoneUpdatePolicy;
  readonly parts: UpdateParts;
  /**
   * Whether the repository may be asked, such as outside a privacy mode. While it may not, ages go on and close the gate
   * in their time: no mode freezes zones silently. An error of it means no. @default always
   */
  readonly allowed?: Observable<boolean>;
  readonly random?: Random;
}

export interface ZoneUpdates {
  /**
   * The zone sets for `createGuard`, each whole and authentic: the stored one at first, then newer ones, and the same
   * again as it ages. Subscribing starts the updates, once; unsubscribing ends them. Never fails and never completes.
   */
  readonly sets: Observable<ZoneSet>;
  readonly notices: Observable<UpdateNotice>;
  /** The newest status at once, then every change. */
  readonly status: Observable<UpdateStatus>;
  statusNow(): UpdateStatus;
  /** The time of a trusted GNSS fix: from now on, no age is counted to before it. */
  observeTime(gnssMs: number): void;
}

/** Keeps a zone set current, and lets it age where that is not possible. The scheduler's clock is the vehicle's. */
export function createZoneUpdates(
  options: UpdaterOptions,
  scheduler: SchedulerLike = asyncScheduler,
): ZoneUpdates {
  const { policy, parts, allowed, random = secretRandom } = options;
  const notices = new Subject<UpdateNotice>();
  const status = new BehaviorSubject<UpdateStatus>(NO_STATUS);
  let gnssMs = 0;
  let started = false;
  const sets = new Observable<ZoneSet>((out) => {
    if (started) throw new CamfenceError("usage", "zone updates start once: create others");
    started = true;
    const outputs = { sets: out, notices, status };
    const run = new UpdateRun({ policy, parts, random, scheduler, gnssMs: () => gnssMs }, outputs);
    void run.start(allowed);
    return () => run.close();
  });
  return {
    sets,
    notices,
    status,
    statusNow: () => status.value,
    observeTime(timeMs) {
      if (Number.isFinite(timeMs)) gnssMs = Math.max(gnssMs, timeMs);
    },
  };
}
