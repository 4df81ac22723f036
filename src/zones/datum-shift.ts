import { distanceFrom, planeAt } from "../core/plane.ts";
import type { Position } from "../core/position.ts";
import { isInChina } from "./china.ts";
import { fromWgs84, toWgs84 } from "./datum.ts";
import { areaM2, middleOf, outlineDistanceM, verticesOf } from "./outline.ts";
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

/** An area that changed its size by more than that is not known by its middle. */
const MOST_GROWTH = 2;

/**
 * Whether an area moved between two versions as it does when one of them names the wrong datum; null when it did not. Its parts
 * are looked at one by one as well, since only some may come from another map.
 */
export function findDatumShift(before: readonly Shape[], after: readonly Shape[]): DatumShift | null {
  const whole = shiftOf(before, after);
  if (whole !== null || (before.length === 1 && after.length === 1)) return whole;
  const [gone, come] = [strangers(before, after), strangers(after, before)];
  for (const one of gone) {
    const from = middleOf([one]);
    for (const other of come) {
      if (distanceFrom(planeAt(from), middleOf([other])) > MOST_SHIFT_M || !isLike([one], [other])) continue;
      const shift = shiftOf([one], [other]);
      if (shift !== null) return shift;
    }
  }
  return null;
}

/** BD-09 lies up to 1.4 km from WGS 84. */
const MOST_SHIFT_M = 2000;

/** So many parts of one area are looked at one by one. */
const MAX_PARTS = 200;

/** The shapes of an area whose outlines another one has not. */
const strangers = (shapes: readonly Shape[], others: readonly Shape[]) =>
  shapes
    .filter((shape) => sameOutlineM([shape], others, (at) => at) > 2 * SHIFT_TOLERANCE_M)
    .slice(0, MAX_PARTS);

/**
 * Three quarters of the earlier outline must lie on the later one after the shift, and must not lie there without it, as that of
 * a corridor does which was made longer. An outline that was edited besides is known by half of its vertices, and one that
 * was made wider by its middle.
 */
function shiftOf(before: readonly Shape[], after: readonly Shape[]): DatumShift | null {
  const [from, to] = [middleOf(before), middleOf(after)];
  if (!isInChina(from.lonDeg, from.latDeg) || !isInChina(to.lonDeg, to.latDeg)) return null;
  const unmovedM = sameOutlineM(before, after, (at) => at);
  if (unmovedM <= 2 * SHIFT_TOLERANCE_M) return null;
  const fits = MISTAKES.map((each) => {
    const apartM = sameOutlineM(before, after, each.mistake);
    const middleM = distanceFrom(planeAt(each.mistake(from)), to);
    const isWider = apartM < unmovedM / 2 && middleM < SHIFT_TOLERANCE_M / 2 && isLike(before, after);
    const isEdited = hasSameVertices(before, after, each.mistake);
    return { ...each, apartM: isWider || isEdited ? Math.min(apartM, SHIFT_TOLERANCE_M) : apartM };
  });
  const [best] = fits.toSorted((a, b) => a.apartM - b.apartM);
  if (!best || best.apartM > SHIFT_TOLERANCE_M) return null;
  return { actual: best.actual, declared: best.declared, movedM: distanceFrom(planeAt(from), to) };
}

/** A vertex that came by a shift lies within so many metres. */
const SAME_VERTEX_M = 3;

/** Whether half of the vertices, and three at least, are vertices of the other area after the shift. */
function hasSameVertices(from: readonly Shape[], to: readonly Shape[], move: Move): boolean {
  const [some, others] = [sampleOf(from), to.flatMap(verticesOf)];
  const same = some.filter((at) => {
    const plane = planeAt(move(at));
    return others.some((other) => distanceFrom(plane, other) <= SAME_VERTEX_M);
  });
  return same.length >= 3 && same.length >= some.length / 2;
}

const isLike = (a: readonly Shape[], b: readonly Shape[]) =>
  Math.abs(Math.log(areaM2(a) / areaM2(b))) <= Math.log(MOST_GROWTH);

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
  const distances = sampleOf(from).map((at) => outlineDistanceM(move(at), to));
  return distances.toSorted((a, b) => a - b)[Math.floor(0.75 * distances.length)] ?? Infinity;
}

function sampleOf(shapes: readonly Shape[]): readonly Position[] {
  const all = shapes.flatMap(verticesOf);
  const step = Math.max(1, all.length / MAX_VERTICES);
  return all.filter((_, i) => Math.floor(i / step) > Math.floor((i - 1) / step));
}
