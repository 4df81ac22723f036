import { CamfenceError } from "../core/errors.ts";

/** When frames are taken at a steady rate. */
export interface FrameClock {
  /** Frames per second; over 0, at most 1000 since times are whole milliseconds. */
  readonly fps: number;
  readonly startMs: number;
  /** The last frame is at or before this time. */
  readonly endMs: number;
}

export interface FrameTimes {
  readonly count: number;
  readonly timeMs: (i: number) => number;
}

/**
 * Capture times start + i·1000/fps, each rounded to a whole millisecond by itself, so that the rate does not drift.
 * Throws a `usage` error for a rate or a span that is none.
 */
export function frameTimes({ fps, startMs, endMs }: FrameClock): FrameTimes {
  if (!(fps > 0 && fps <= 1000)) {
    throw new CamfenceError("usage", `${fps} frames per second, expected over 0, at most 1000`);
  }
  const spanMs = endMs - startMs;
  if (!(spanMs >= 0 && spanMs < Number.POSITIVE_INFINITY)) {
    throw new CamfenceError(
      "usage",
      `frames from ${startMs} to ${endMs} ms, expected an end after the start`,
    );
  }
  const count = Math.floor((spanMs * fps) / 1000) + 1;
  return { count, timeMs: (i) => Math.round(startMs + (i * 1000) / fps) };
}
