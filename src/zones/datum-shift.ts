import { distanceFrom, planeAt } from "../core/plane.ts";
import type { Position } from "../core/position.ts";
import { isInChina } from "./china.ts";
import { fromWgs84, toWgs84 } from "./datum.ts";
import { middleOf, outlineDistanceM, verticesOf } from "./outline.ts";
import type { Shape } from "./zone.ts";
import type { Datum } from "./zone-file.ts";

/** A move that a wrong datum explains. */
export interface DatumShift {
  /** What the coordinates are, and what their file says: of the later version, or the other way round of the earlier. */
  readonly actual: Datum;
  readonly declared: Datum;
  /** How far the area moved. */
  readonly movedM: number;
}

/**
 * How far an outline may lie from where a wrong datum would have put it: what drawing it again, rounding and smoothing
 * change. Two datums lie hundreds of metres apart.
 */
export const SHIFT_TOLERANCE_M = 20;

/**
 * Whether an area moved between two versions as it does when one of them names the wrong datum; null when it did not. Three
 * quarters of the earlier outline must lie on the later one after the shift, so that edits at some vertices hide nothing; and
 * must not lie there without it, as that of a corridor does which was made longer.
 */
export function findDatumShift(before: readonly Shape[], after: readonly Shape[]): DatumShift | null {
  const [from, to] = [middleOf(before), middleOf(after)];
  if (!isInChina(from.lonDeg, from.latDeg) || !isInChina(to.lonDeg, to.latDeg)) return null;
  if (sameOutlineM(before, after, (at) => at) <= 2 * SHIFT_TOLERANCE_M) return null;
  const fits = MISTAKES.map((each) => ({ ...each, apartM: sameOutlineM(before, after, each.mistake) }));
  const [best] = fits.toSorted((a, b) => a.apartM - b.apartM);
  if (!best || best.apartM > SHIFT_TOLERANCE_M) return null;
  return { actual: best.actual, declared: best.declared, movedM: distanceFrom(planeAt(from), to) };
}

/** Where an area may have been before a wrong datum moved it to `at`. */
export const placesBefore = (at: Position): readonly Position[] => MISTAKES.map(({ undone }) => undone(at));

type Move = (at: Position) => Position;

interface DatumMistake {
  readonly actual: Datum;
  readonly declared: Datum;
  readonly mistake: Move;
  readonly undone: Move;
}

const DATUMS: readonly Datum[] = ["wgs84", "gcj02", "bd09"];

/** Coordinates in `actual`, read as `declared`: all six ways to be wrong, each the undoing of another. */
const MISTAKES: readonly DatumMistake[] = DATUMS.flatMap((actual) =>
  DATUMS.filter((declared) => declared !== actual).map((declared) => ({
    actual,
    declared,
    mistake: (at) => read(declared, written(actual, at)),
    undone: (at) => read(actual, written(declared, at)),
  })),
);

function written(datum: Datum, at: Position): Position {
  if (datum === "wgs84") return at;
  const [lonDeg, latDeg] = fromWgs84(datum, at.lonDeg, at.latDeg);
  return { lonDeg, latDeg };
}

function read(datum: Datum, at: Position): Position {
  if (datum === "wgs84") return at;
  const [lonDeg, latDeg] = toWgs84(datum, at.lonDeg, at.latDeg);
  return { lonDeg, latDeg };
}

/** Enough of an outline to know it by. */
const MAX_VERTICES = 64;

/** Within how many metres of the outlines of `to` three quarters of the moved vertices of `from` lie. */
function sameOutlineM(from: readonly Shape[], to: readonly Shape[], move: Move): number {
  const all = from.flatMap(verticesOf);
  const step = Math.max(1, all.length / MAX_VERTICES);
  const some = Array.from(
    { length: Math.min(all.length, MAX_VERTICES) },
    (_, i) => all[Math.floor(i * step)],
  );
  const distances = some.flatMap((at) => (at ? [outlineDistanceM(move(at), to)] : []));
  return distances.toSorted((a, b) => a - b)[Math.floor(0.75 * distances.length)] ?? Infinity;
}
