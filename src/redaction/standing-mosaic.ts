import { CamfenceError } from "../core/errors.ts";
import type { Frame } from "../sources/frame.ts";

// A clock that was set back must not lock a camera to grey for good, nor may a clock that swings back and forth draw
// many mosaics: this many times in all, one camera may start anew.
const MAX_RESTARTS = 8;

/** What to blur a frame with: what stands, a new one, or nothing of the original. */
export type Choice<T> =
  | { readonly kind: "standing"; readonly mosaic: T }
  | { readonly kind: "fresh"; readonly keep: (mosaic: T) => void; readonly forget: () => void }
  | { readonly kind: "solid" };

/**
 * Bounds what a moving camera gives away over time: of one camera, two different mosaics lie at least `refreshMs` of
 * frame time apart. A mosaic stands for frames within `refreshMs` of the one it was made from. A frame that is older
 * by more, or that changes size or format before the time is over, is blurred with nothing of the original. Throws for
 * a time that is no number.
 */
export function createStandingMosaics<T>(refreshMs: number): (frame: Frame, shape: string) => Choice<T> {
  const cameras = new Map<string, Standing<T>>();
  return (frame, shape) => {
    if (!Number.isFinite(frame.timeMs)) throw new CamfenceError("malformed", `frame time is ${frame.timeMs}`);
    const standing = cameras.get(frame.camera);
    const fresh = (restarts: number): Choice<T> => ({
      kind: "fresh",
      keep: (mosaic) => cameras.set(frame.camera, { takenMs: frame.timeMs, shape, mosaic, restarts }),
      forget: () => cameras.delete(frame.camera),
    });
    if (standing === undefined) return fresh(0);
    const ageMs = frame.timeMs - standing.takenMs;
    if (ageMs >= refreshMs) return fresh(standing.restarts);
    if (ageMs > -refreshMs) return chooseStanding(standing, shape);
    if (standing.restarts < MAX_RESTARTS) {
      const restarts = standing.restarts + 1;
      cameras.set(frame.camera, { takenMs: frame.timeMs, shape, mosaic: null, restarts });
    }
    return { kind: "solid" };
  };
}

interface Standing<T> {
  readonly takenMs: number;
  readonly shape: string;
  /** null: solid until the time is over. */
  readonly mosaic: T | null;
  readonly restarts: number;
}

function chooseStanding<T>(standing: Standing<T>, shape: string): Choice<T> {
  const { mosaic } = standing;
  return mosaic === null || standing.shape !== shape ? { kind: "solid" } : { kind: "standing", mosaic };
}
