import { at } from "../../core/at.ts";
import type { Heading } from "../../positioning/heading.ts";

/** What judging a stored frame again takes. */
export interface FrameNote {
  readonly timeMs: number;
  readonly camera: string;
  readonly action: "pass" | "blur";
  /** The reach that it was judged by. */
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly radiusM: number;
  readonly heading: Heading;
}

/** camera and action, time, latitude, longitude, radius, heading, heading error: 64-bit floats of this machine. */
const NUMBERS = 7;
export const NOTE_BYTES = NUMBERS * 8;

/** Notes as bytes; a camera becomes its place in `cameras`. */
export function packNotes(notes: readonly FrameNote[], cameras: readonly string[]): Buffer {
  const numbers = new Float64Array(notes.length * NUMBERS);
  for (const [i, note] of notes.entries()) {
    const kind = 2 * cameras.indexOf(note.camera) + (note.action === "blur" ? 1 : 0);
    const { timeMs, latDeg, lonDeg, radiusM, heading } = note;
    numbers.set([kind, timeMs, latDeg, lonDeg, radiusM, heading.deg, heading.errorDeg], i * NUMBERS);
  }
  return Buffer.from(numbers.buffer);
}

/** The notes of `packNotes`, one at a time; a camera that is not in `cameras` has the name "". */
export function* unpackNotes(bytes: Uint8Array, cameras: readonly string[]): Generator<FrameNote> {
  // A copy is aligned to 8 bytes, a part of a file is not.
  const numbers = new Float64Array(Uint8Array.from(bytes).buffer);
  for (let i = 0; i + NUMBERS <= numbers.length; i += NUMBERS) {
    const kind = at(numbers, i);
    yield {
      timeMs: at(numbers, i + 1),
      camera: cameras[kind >> 1] ?? "",
      action: kind % 2 === 1 ? "blur" : "pass",
      latDeg: at(numbers, i + 2),
      lonDeg: at(numbers, i + 3),
      radiusM: at(numbers, i + 4),
      heading: { deg: at(numbers, i + 5), errorDeg: at(numbers, i + 6) },
    };
  }
}
