import type { Ring } from "./zone.ts";

/**
 * The ring without consecutive repetitions, its longitudes running on without a jump: a step of more than 180° goes the
 * short way, over the antimeridian; one of exactly 180° or 360° is meant as written, as in a coverage of the whole world.
 * Gives the very ring where there is nothing to do. A ring around a pole does not come back to its first longitude.
 */
export function unwrap(ring: Ring): Ring {
  const start = firstOddStep(ring);
  if (start === ring.length) return ring;
  const unwrapped = new Float64Array(ring.length);
  unwrapped.set(ring.subarray(0, start));
  let end = start;
  let turn = 0;
  for (let at = start; at < ring.length; at += 2) {
    const step = (ring[at] ?? 0) - (ring[at - 2] ?? 0);
    if (step === 0 && ring[at + 1] === ring[at - 1]) continue;
    turn += turnOf(step);
    unwrapped[end] = (ring[at] ?? 0) + turn;
    unwrapped[end + 1] = ring[at + 1] ?? 0;
    end += 2;
  }
  return unwrapped.subarray(0, end);
}

/** The first vertex that repeats the one before or is reached over the antimeridian. */
function firstOddStep(ring: Ring): number {
  for (let at = 2; at < ring.length; at += 2) {
    const step = (ring[at] ?? 0) - (ring[at - 2] ?? 0);
    if (step > 180 || step < -180 || (step === 0 && ring[at + 1] === ring[at - 1])) return at;
  }
  return ring.length;
}

function turnOf(stepDeg: number): number {
  if (stepDeg > 180 && stepDeg < 360) return -360;
  if (stepDeg < -180 && stepDeg > -360) return 360;
  return 0;
}
