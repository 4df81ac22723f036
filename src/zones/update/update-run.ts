import { Subscription } from "rxjs";
import type { BehaviorSubject, Observable, Observer, SchedulerLike, Subject } from "rxjs";
import { messageOf } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { formatIso } from "../../core/time.ts";
import type { ZoneSet } from "../zone-set.ts";
import type { ZoneUpdatePolicy } from "./policy.ts";
import type { TrustFloor } from "./trust-floor.ts";
import { NO_FLOOR, raised } from "./trust-floor.ts";
import { trustedMs } from "./trusted-time.ts";
import { UpdateError } from "./update-error.ts";
import type { UpdateParts } from "./update-once.ts";
import { storedSet, updateOnce } from "./update-once.ts";
import { firstWaitMs, nextWaitMs } from "./update-pace.ts";
import type { UpdateNotice, UpdateStatus } from "./update-status.ts";
import { NO_STATUS } from "./update-status.ts";
import type { ZonesInTime } from "./zones-in-time.ts";
import { createZonesInTime } from "./zones-in-time.ts";

export interface RunInputs {
  readonly policy: ZoneUpdatePolicy;
  readonly parts: UpdateParts;
  readonly random: Random;
  readonly scheduler: SchedulerLike;
  readonly gnssMs: () => number;
}

export interface RunOutputs {
  readonly sets: Pick<Observer<ZoneSet>, "next">;
  readonly notices: Subject<UpdateNotice>;
  readonly status: BehaviorSubject<UpdateStatus>;
}

/** Timers of more than 24 days fire at once in Node; and a clock that was set is to be noticed. */
const LOOK_AGAIN_MS = 3600 * 1000;

/** The updates of one zone store, from start to close. */
export class UpdateRun {
  readonly #in: RunInputs;
  readonly #out: RunOutputs;
  readonly #zones: ZonesInTime;
  readonly #open = new Subscription();
  #nextLook = new Subscription();
  #nextAttempt = new Subscription();
  #failures = 0;
  #floor: TrustFloor = NO_FLOOR;

  constructor(inputs: RunInputs, outputs: RunOutputs) {
    this.#in = inputs;
    this.#out = outputs;
    this.#zones = createZonesInTime(inputs.policy);
  }

  async start(allowed: Observable<boolean> | undefined): Promise<void> {
    await this.#safely(() => this.#restore());
    if (this.#open.closed) return;
    this.#askSoon();
    const next = (isAllowed: boolean) => this.#allow(isAllowed);
    if (allowed !== undefined) this.#open.add(allowed.subscribe({ next, error: () => next(false) }));
  }

  close(): void {
    this.#open.unsubscribe();
    this.#nextLook.unsubscribe();
    this.#nextAttempt.unsubscribe();
  }

  async #restore(): Promise<void> {
    const { parts } = this.#in;
    const stored = await storedSet(parts, await this.#trustedNow());
    if (stored !== null) {
      // A set that nobody has vouched for since it came counts from then.
      this.#zones.take(stored, (await parts.sets.confirmedMs()) ?? stored.origin.sinceMs);
      this.#say("restored", describe(stored.origin.target, stored.origin.issuedMs));
    }
    await this.#look();
  }

  /** Asks the repository, and looks what the time has made of the set whether or not it answered. */
  async #ask(): Promise<void> {
    this.#tell({ nextTryMs: null });
    await this.#safely(() => this.#attempt());
    await this.#safely(() => this.#look());
    const { policy, random } = this.#in;
    this.#askIn(nextWaitMs(this.#failures, policy, random));
  }

  async #attempt(): Promise<void> {
    const nowMs = await this.#trustedNow();
    this.#tell({ lastTryMs: nowMs });
    const updated = await updateOnce(this.#in.parts, this.#zones.inForce, nowMs);
    if (updated.kind === "installed") {
      this.#zones.take(updated.inForce, updated.confirmedMs);
      this.#say("installed", describe(updated.inForce.origin.target, updated.inForce.set.issuedMs));
    } else this.#zones.confirm(updated.confirmedMs);
    if (this.#failures > 0) this.#say("recovered", `after ${this.#failures} failed attempts`);
    this.#failures = 0;
    this.#tell({ failures: 0, lastProblem: null, lastSuccessMs: nowMs });
  }

  /** Gives the gate what the time has made of the set, and comes back when that changes. */
  async #look(): Promise<void> {
    const nowMs = await this.#trustedNow();
    if (this.#open.closed) return;
    const { freshness, emit } = this.#zones.look(nowMs);
    const before = this.#out.status.value.phase;
    const phase = freshness?.phase ?? "none";
    const reason = freshness === null ? NO_STATUS.reason : freshness.reason;
    const { inForce, confirmedMs } = this.#zones;
    this.#tell({ phase, reason, inForce: inForce?.origin ?? null, confirmedMs, nowMs });
    if (emit !== null) this.#out.sets.next(emit);
    if (phase !== before && phase !== "none" && (phase !== "fresh" || before !== "none"))
      this.#say(phase, reason ?? "the repository vouches for the set again");
    this.#nextLook.unsubscribe();
    const waitMs = Math.min(LOOK_AGAIN_MS, Math.max(1, (freshness?.untilMs ?? Infinity) - nowMs));
    this.#nextLook = this.#in.scheduler.schedule(() => void this.#safely(() => this.#look()), waitMs);
  }

  #askSoon(): void {
    const { policy, random } = this.#in;
    this.#askIn(firstWaitMs(this.#zones.inForce !== null, policy, random));
  }

  #askIn(waitMs: number): void {
    this.#nextAttempt.unsubscribe();
    if (this.#open.closed || this.#out.status.value.paused) return;
    const { scheduler } = this.#in;
    this.#nextAttempt = scheduler.schedule(() => void this.#ask(), waitMs);
    this.#tell({ nextTryMs: scheduler.now() + waitMs });
  }

  #allow(isAllowed: boolean): void {
    if (isAllowed !== this.#out.status.value.paused) return;
    this.#tell({ paused: !isAllowed });
    if (isAllowed) this.#say("resumed", "asking the repository again");
    else this.#say("paused", "not asking the repository; the set's age goes on");
    if (isAllowed) return this.#askSoon();
    this.#nextAttempt.unsubscribe();
    this.#tell({ nextTryMs: null });
  }

  /** A disk that takes no write must not stop the time: the floor is raised in memory at least. */
  async #trustedNow(): Promise<number> {
    const { parts, scheduler, gnssMs } = this.#in;
    const change = { gnssMs: gnssMs() };
    await this.#safely(async () => {
      this.#floor = await parts.store.raise(change);
    });
    this.#floor = raised(this.#floor, change);
    return trustedMs(scheduler.now(), this.#floor);
  }

  /** Whatever is wrong with an update is told, and changes nothing of what is in force but its age. */
  async #safely(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#failures++;
      const isKnown = thrown instanceof UpdateError;
      const problem = isKnown ? thrown.problem : "fault";
      const what = isKnown ? messageOf(thrown) : `the store or the program: ${kindOf(thrown)}`;
      this.#tell({ failures: this.#failures, lastProblem: { problem, what } });
      this.#say("failed", `${problem}: ${what}`);
    }
  }

  #say(kind: UpdateNotice["kind"], what: string): void {
    if (!this.#open.closed) this.#out.notices.next({ kind, what });
  }

  #tell(change: Partial<UpdateStatus>): void {
    this.#out.status.next({ ...this.#out.status.value, ...change });
  }
}

const describe = (target: string, issuedMs: number) => `${target} issued ${formatIso(issuedMs)}`;

/** Errors of others may quote what they failed at: only their kind is told. */
function kindOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "unknown";
  return "code" in thrown && typeof thrown.code === "string" ? thrown.code : thrown.name;
}
