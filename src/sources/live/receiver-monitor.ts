import { BehaviorSubject } from "rxjs";
import type { Observable } from "rxjs";
import type { LiveLink } from "./live-receiver.ts";
import type { ReceiverHealth, ReceiverState } from "./receiver.ts";

/** Keeps a receiver's health and tells its changes. */
export interface ReceiverMonitor {
  readonly health: Observable<ReceiverHealth>;
  status(): ReceiverHealth;
  /** The link is being opened, for the first time or again. */
  opening(link: Pick<LiveLink, "skipped">): void;
  note(state: ReceiverState, what: string): void;
  lag(lagMs: number): void;
}

export function receiverMonitor(receiver: string): ReceiverMonitor {
  let openings = 0;
  let lagMs: number | null = null;
  let link: Pick<LiveLink, "skipped"> = { skipped: () => [] };
  const withCounters = (state: ReceiverState, what: string): ReceiverHealth => ({
    receiver,
    state,
    what,
    restarts: Math.max(0, openings - 1),
    lagMs,
    skipped: link.skipped(),
  });
  const health = new BehaviorSubject(withCounters("connecting", "not opened yet"));

  return {
    health: health.asObservable(),
    status: () => withCounters(health.value.state, health.value.what),
    opening(next) {
      openings += 1;
      link = next;
    },
    note(state, what) {
      // Ten times a second a fix: only changes are told.
      if (health.value.state === state && health.value.what === what) return;
      health.next(withCounters(state, what));
    },
    lag(nextMs) {
      lagMs = nextMs;
    },
  };
}
