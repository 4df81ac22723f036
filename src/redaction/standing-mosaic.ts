import { CamfenceError } from "../core/errors.ts";
import type { Frame } from "../sources/frame.ts";
import type { Bytes } from "./bytes.ts";
import type { CellValues } from "./cell-grid.ts";
import type { RawLayout } from "./raw-layout.ts";

// A clock that was set back must not lock a camera to grey for good, nor may a clock that swings back and forth draw
// many mosaics: this many times in all, one camera may start anew.
const MAX_RESTARTS = 8;

/** A JPEG mosaic, written. */
export interface MosaicFile {
  readonly bytes: Bytes;
  readonly informationBits: number;
}
export type Made = MosaicFile | Promise<MosaicFile>;

/** A raw mosaic: its values, and painted where the picture may be given out again. */
export interface RawMosaic {
  readonly values: CellValues;
  readonly painted: Bytes | null;
}

/** What stands: a raw picture or a file. */
export type Mosaic = RawMosaic | { readonly file: Made };

/** What to blur a frame with: what stands, a new one, or nothing of the original. */
export type Choice =
  | { readonly kind: "standing"; readonly mosaic: Mosaic }
  | { readonly kind: "fresh"; readonly keep: (mosaic: Mosaic) => void; readonly forget: () => void }
  | { readonly kind: "solid" };

/** `shape` is all that a mosaic must share with a frame to stand for it: format, size, sampling. */
export type Choose = (frame: Frame, shape: string | RawLayout) => Choice;

/**
 * Bounds what a moving camera gives away over time: of one camera, two different mosaics lie at least `refreshMs` of
 * frame time apart. A mosaic stands for frames within `refreshMs` of the one it was made from. A frame that is older
 * by more, or that changes size or format before the time is over, is blurred with nothing of the original. Throws for
 * a time that is no number.
 */
export function createStandingMosaics(refreshMs: number): Choose {
  const cameras = new Map<string, Standing>();
  return (frame, shape) => {
    if (!Number.isFinite(frame.timeMs)) throw new CamfenceError("malformed", `frame time is ${frame.timeMs}`);
    const standing = cameras.get(frame.camera);
    const fresh = (restarts: number): Choice => ({
      kind: "fresh",
      keep: (mosaic) => cameras.set(frame.camera, { takenMs: frame.timeMs, shape, mosaic, restarts }),
      // A picture that failed late was never shown: what stood before it counts again.
      forget: () => {
        if (cameras.get(frame.camera)?.takenMs !== frame.timeMs) return;
        if (standing === undefined) cameras.delete(frame.camera);
        else cameras.set(frame.camera, standing);
      },
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

interface Standing {
  readonly takenMs: number;
  readonly shape: string | RawLayout;
  /** null: solid until the time is over. */
  readonly mosaic: Mosaic | null;
  readonly restarts: number;
}

function chooseStanding(standing: Standing, shape: string | RawLayout): Choice {
  const { mosaic } = standing;
  return mosaic === null || standing.shape !== shape ? { kind: "solid" } : { kind: "standing", mosaic };
}
