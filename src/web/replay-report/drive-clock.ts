/** No frame of any camera for this long, or a step back by this much, begins a new leg. */
export const SILENCE_MS = 60_000;
const STEP_BACK_MS = 10_000;
/** What is shown of the time between two legs, whatever it was. */
const LEG_GAP_MS = 20_000;
/** Legs that are named on the axis; a drive with more is a defect of its clock. */
const MAX_LEGS = 100;

/** A stretch of the drive on one clock, without a long silence. */
export interface Leg {
  /** Where it begins: on its own clock, and on the drive's. */
  readonly startMs: number;
  readonly atMs: number;
}

/**
 * Time driven: runs on through the legs of a drive, however long the car stood between them and wherever its clock was
 * set. Everything in the report is placed by it, and named by its own time.
 */
export interface DriveClock {
  /** Times come as the frames come, nearly in order. */
  at(timeMs: number): number;
  readonly legs: readonly Leg[];
}

export function createDriveClock(onLeg: () => void): DriveClock {
  const legs: Leg[] = [];
  let newestMs = Number.NaN;
  let offsetMs = 0;
  const begin = (timeMs: number): void => {
    const atMs = Number.isNaN(newestMs) ? 0 : newestMs - offsetMs + LEG_GAP_MS;
    offsetMs = timeMs - atMs;
    newestMs = timeMs;
    if (legs.length < MAX_LEGS) legs.push({ startMs: timeMs, atMs });
    onLeg();
  };
  return {
    legs,
    at(timeMs) {
      // False for the first time, which is compared with NaN.
      const continues = timeMs <= newestMs + SILENCE_MS && timeMs >= newestMs - STEP_BACK_MS;
      if (!continues) begin(timeMs);
      if (timeMs > newestMs) newestMs = timeMs;
      return timeMs - offsetMs;
    },
  };
}
