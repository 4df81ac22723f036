import type { Observable } from "rxjs";
import type { GnssReport } from "../fix.ts";
import type { Skip } from "../skipped.ts";

/**
 * A live receiver. Whatever happens to it is mended inside: it is opened again, with back-off, for ever. What it does
 * not say closes the gate by the age of what it said last (rule 2).
 */
export interface Receiver {
  /**
   * Opens the receiver at the first subscription and closes it at the last unsubscription. Never fails; completes
   * only where the input can end for good (stdin).
   */
  readonly reports: Observable<GnssReport>;
  /** The present health at once, then each change of it. Never fails, never holds a position. */
  readonly health: Observable<ReceiverHealth>;
  /** The present health with its counters as they are now, for a metrics page. */
  status(): ReceiverHealth;
}

/**
 * `connecting`: the link is not open. `silent`: it is, or was until now, and no position and no lack of one came.
 * `no-fix`: the receiver speaks and has no position, or its time is not trusted yet, or it comes too late. `fix`:
 * positions come. `ended`: nothing will come any more.
 */
export type ReceiverState = "connecting" | "silent" | "no-fix" | "fix" | "ended";

export interface ReceiverHealth {
  /** Which one: `gpsd at 127.0.0.1:2947`. */
  readonly receiver: string;
  readonly state: ReceiverState;
  /** Why, for a person. */
  readonly what: string;
  /** How often the link was opened again. */
  readonly restarts: number;
  /**
   * By how much the newest report came after its own time, on the shared clock; null before the first. Below 0, or
   * far above the receiver's own delay, the shared clock is wrong.
   */
  readonly lagMs: number | null;
  /** What was left out since the link was opened last. */
  readonly skipped: readonly Skip[];
}
