import { BehaviorSubject, Observable, Subject, Subscription, asyncScheduler } from "rxjs";
import type { SchedulerLike } from "rxjs";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { formatIso } from "../../core/time.ts";
import type { Random } from "../../core/random.ts";
import { secretRandom } from "../../core/random.ts";
import type { ZoneSet } from "../zone-set.ts";
import type { ZoneUpdatePolicy } from "./policy.ts";
import { trustedMs } from "./trusted-time.ts";
import { UpdateError } from "./update-error.ts";
import type { UpdateParts } from "./update-once.ts";
import { storedSet, updateOnce } from "./update-once.ts";
import { firstWaitMs, nextWaitMs } from "./update-pace.ts";
import type { UpdateNotice, UpdateStatus } from "./update-status.ts";
import { NO_STATUS } from "./update-status.ts";
import { createZonesInTime } from "./zones-in-time.ts";

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
  readonly status: Observable<UpdateStatus> & { readonly value: UpdateStatus };
  /** The time of a trusted GNSS fix: no later judgement counts from before it. */
  observeTime(gnssMs: number): void;
}

/** Timers of more than 24 days fire at once in Node; and a clock that was set is to be noticed. */
const LOOK_AGAIN_MS = 3600 * 1000;

/** Keeps a zone set current, and lets it age where that is not possible. The scheduler's clock is the vehicle's. */
export function createZoneUpdates(
  options: UpdaterOptions,
  scheduler: SchedulerLike = asyncScheduler,
): ZoneUpdates {
  const notices = new Subject<UpdateNotice>();
  const status = new BehaviorSubject<UpdateStatus>(NO_STATUS);
  let gnssMs = 0;
  let started = false;
  const sets = new Observable<ZoneSet>((out) => {
    if (started) throw new CamfenceError("usage", "zone updates start once: create others");
    started = true;
    return run(options, scheduler, { out: (set) => out.next(set), notices, status, gnssMs: () => gnssMs });
  });
  return {
    sets,
    notices,
    status,
    observeTime(timeMs) {
      if (Number.isFinite(timeMs)) gnssMs = Math.max(gnssMs, timeMs);
    },
  };
}

interface Outputs {
  readonly out: (set: ZoneSet) => void;
  readonly notices: Subject<UpdateNotice>;
  readonly status: BehaviorSubject<UpdateStatus>;
  readonly gnssMs: () => number;
}

function run(
  { policy, parts, allowed, random = secretRandom }: UpdaterOptions,
  scheduler: SchedulerLike,
  { out, notices, status, gnssMs }: Outputs,
): Subscription {
  const running = new Subscription();
  const zones = createZonesInTime(policy);
  let failures = 0;
  let timers = Subscription.EMPTY;
  let attempts = Subscription.EMPTY;

  const say = (kind: UpdateNotice["kind"], what: string): void => notices.next({ kind, what });
  const tell = (change: Partial<UpdateStatus>): void => status.next({ ...status.value, ...change });

  async function trustedNow(): Promise<number> {
    const floor = await parts.store.raise({ gnssMs: gnssMs() });
    return trustedMs(scheduler.now(), floor);
  }

  /** Gives the gate what the time makes of the set, and comes back when that changes. */
  function look(nowMs: number): void {
    if (running.closed) return;
    const { freshness, emit } = zones.look(nowMs);
    const phase = freshness?.phase ?? "none";
    const before = status.value.phase;
    const { inForce, confirmedMs } = zones;
    const reason = freshness === null ? NO_STATUS.reason : freshness.reason;
    tell({ phase, reason, inForce: inForce?.origin ?? null, confirmedMs, nowMs });
    if (emit !== null) out(emit);
    if (phase !== "none" && phase !== before && !(phase === "fresh" && before === "none"))
      say(phase, freshness?.reason ?? "the repository vouches for the set again");
    timers.unsubscribe();
    const waitMs = Math.min(LOOK_AGAIN_MS, Math.max(1, (freshness?.untilMs ?? Infinity) - nowMs));
    timers = scheduler.schedule(() => void safely(async () => look(await trustedNow())), waitMs);
    running.add(timers);
  }

  async function restore(): Promise<void> {
    const nowMs = await trustedNow();
    const stored = await storedSet(parts, nowMs);
    if (stored !== null) {
      // A set that nobody has vouched for since it came counts from then.
      zones.take(stored, (await parts.sets.confirmedMs()) ?? stored.origin.sinceMs);
      say("restored", describe(stored.origin.target, stored.origin.issuedMs));
    }
    look(nowMs);
  }

  async function attempt(): Promise<void> {
    const nowMs = await trustedNow();
    tell({ lastTryMs: nowMs });
    const updated = await updateOnce(parts, zones.inForce, nowMs);
    if (updated.kind === "installed") {
      zones.take(updated.inForce, updated.confirmedMs);
      say("installed", describe(updated.inForce.origin.target, updated.inForce.set.issuedMs));
    } else zones.confirm(updated.confirmedMs);
    if (failures > 0) say("recovered", `after ${failures} failed attempts`);
    failures = 0;
    tell({ failures, lastProblem: null });
  }

  /** Whatever is wrong with an update is told, and changes nothing of what is in force but its age. */
  async function safely(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      failures++;
      const problem = thrown instanceof UpdateError ? thrown.problem : "fault";
      const what =
        thrown instanceof UpdateError ? messageOf(thrown) : `the store or the program: ${kindOf(thrown)}`;
      tell({ failures, lastProblem: { problem, what } });
      say("failed", `${problem}: ${what}`);
    }
  }

  async function attemptAndLook(): Promise<void> {
    if (running.closed) return;
    await safely(attempt);
    await safely(async () => look(await trustedNow()));
    again(nextWaitMs(failures, policy, random));
  }

  function again(waitMs: number): void {
    attempts.unsubscribe();
    if (running.closed || status.value.paused) return;
    attempts = scheduler.schedule(() => void attemptAndLook(), waitMs);
    running.add(attempts);
  }

  function allow(isAllowed: boolean): void {
    if (isAllowed !== status.value.paused) return;
    tell({ paused: !isAllowed });
    say(
      isAllowed ? "resumed" : "paused",
      isAllowed ? "asking the repository again" : "not asking the repository; the set's age goes on",
    );
    if (isAllowed) again(firstWaitMs(zones.inForce !== null, policy, random));
    else attempts.unsubscribe();
  }

  async function start(): Promise<void> {
    await safely(restore);
    if (running.closed) return;
    again(firstWaitMs(zones.inForce !== null, policy, random));
    if (allowed !== undefined) running.add(allowed.subscribe({ next: allow, error: () => allow(false) }));
  }

  void start();
  return running;
}

const describe = (target: string, issuedMs: number) => `${target} issued ${formatIso(issuedMs)}`;

/** Errors of others may quote what they failed at: only their kind is told. */
function kindOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "unknown";
  return "code" in thrown && typeof thrown.code === "string" ? thrown.code : thrown.name;
}
