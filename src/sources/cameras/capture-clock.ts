/** How capture times are told from a device's clock. */
export interface CaptureClockOptions {
  /** From mid-exposure to the arrival of a picture that nothing delays, milliseconds. */
  readonly latencyMs: number;
  /**
   * `clock`: the device states when, on a clock of its own. `count`: it states nothing, and pictures are `1 / fps`
   * apart as long as none is missing; one that comes later than that may be old, and its time is unknown.
   */
  readonly deviceTime: "clock" | "count";
}

export type CaptureTime =
  { readonly known: true; readonly timeMs: number } | { readonly known: false; readonly why: string };

/** Most by which a capture time may be wrong beyond the error of `latencyMs`, milliseconds. */
export const CAPTURE_ERROR_MS = 20;

/** So long nothing may arrive faster than the fastest before: what waited before the start comes in a burst. */
const SETTLE_MS = 1000;

/** Without a prompt picture for so long, all of them are late, or the device's clock has another rate: nobody can tell. */
const PROMPT_WITHIN_MS = 250;

/** … and for so long, the mapping begins anew. */
const GIVE_UP_MS = 2000;

/** The fastest arrival is that of the last one or two of these: clocks drift apart by under 200 µs in it. */
const WINDOW_MS = { clock: 10_000, count: 2000 } as const;

/** Maps a device's clock to the shared one. */
export interface CaptureClock {
  /** Mid-exposure of the picture that the device's clock dates `deviceMs` and that arrived at `arrivalMs`. */
  capturedAt(deviceMs: number, arrivalMs: number): CaptureTime;
}

/**
 * Arrival is capture, plus the latency, plus whatever waited: in the camera, in a network, in a pipe while this process
 * was busy. Only the last varies, and it is never negative. So the smallest difference between arrival and the device's
 * clock is the mapping, and a picture that came late is still dated when it was taken (rule 2: where the mapping is not
 * certain, the time is unknown).
 */
export function createCaptureClock({ latencyMs, deviceTime }: CaptureClockOptions): CaptureClock {
  let lastDeviceMs = -Infinity;
  let settledFromMs = Infinity;
  let promptMs = -Infinity;
  let windowFromMs = -Infinity;
  let [offsetMs, olderMs] = [Infinity, Infinity];

  function restart(arrivalMs: number): void {
    settledFromMs = arrivalMs;
    promptMs = arrivalMs;
    windowFromMs = arrivalMs;
    [offsetMs, olderMs] = [Infinity, Infinity];
  }

  /** How much later than the promptest picture this one came. */
  function delayOf(differenceMs: number, arrivalMs: number): number {
    if (arrivalMs - windowFromMs > WINDOW_MS[deviceTime]) {
      [olderMs, offsetMs, windowFromMs] = [offsetMs, Infinity, arrivalMs];
    }
    const promptestMs = Math.min(offsetMs, olderMs);
    if (differenceMs < promptestMs - CAPTURE_ERROR_MS) restart(arrivalMs);
    offsetMs = Math.min(offsetMs, differenceMs);
    return differenceMs - Math.min(offsetMs, olderMs);
  }

  return {
    capturedAt(deviceMs, arrivalMs) {
      if (!(deviceMs > lastDeviceMs) || arrivalMs - promptMs > GIVE_UP_MS) restart(arrivalMs);
      lastDeviceMs = deviceMs;
      const delayMs = delayOf(arrivalMs - deviceMs, arrivalMs);
      if (delayMs <= CAPTURE_ERROR_MS) promptMs = arrivalMs;
      // Written so that NaN is unknown.
      if (!(arrivalMs - settledFromMs >= SETTLE_MS && arrivalMs - promptMs <= PROMPT_WITHIN_MS))
        return UNSETTLED;
      if (deviceTime === "count" && !(delayMs <= CAPTURE_ERROR_MS)) return LATE;
      const timeMs = Math.round(arrivalMs - delayMs - latencyMs);
      return Number.isFinite(timeMs) ? { known: true, timeMs } : UNSETTLED;
    },
  };
}

const UNSETTLED: CaptureTime = { known: false, why: "when it was taken is not certain yet" };
const LATE: CaptureTime = { known: false, why: "it came late, and nothing says when it was taken" };
