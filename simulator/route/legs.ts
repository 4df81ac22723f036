import type { Random } from "../../src/core/random.ts";
import type { Route, Vehicle } from "../scenario/route.ts";
import type { Piece } from "./path.ts";
import { lengthOf, poseAt } from "./path.ts";

/** A piece of the way as it is driven: once, or back and forth. */
export interface Leg extends Piece {
  readonly direction: 1 | -1;
  /** Metres from the way's start to the piece's. */
  readonly wayM: number;
  readonly limitMps: number;
  /** How long the vehicle stands before it. */
  readonly waitS: number;
  /** Whether it must stop before it. */
  readonly stops: boolean;
  /** Where the vehicle points from the course, degrees: on a ferry anywhere. */
  readonly facesDeg: number;
}

/** A standstill at the ends of ferries, seconds. */
const BOARDING_S = 5;
const TURNING_ROUND_S = 1;

/** The way cut into legs of one speed limit each, with all stops, reversals and ferries. */
export function legsOf(
  pieces: readonly Piece[],
  route: Route,
  vehicle: Vehicle,
  random: Random,
): readonly Leg[] {
  const wayM = lengthOf(pieces);
  const variation = variationOf(route, wayM, random);
  const cuts = [
    ...variation.map(({ fromM }) => fromM),
    ...route.speeds.map(({ fromM }) => fromM),
    ...route.stops.map(({ atM }) => atM),
    ...route.reverses.map(({ atM }) => atM),
    ...route.ferries.flatMap(({ fromM, toM }) => [fromM, toM]),
  ].toSorted((a, b) => a - b);
  const legs = cutAt(pieces, cuts).map((leg) => limited(leg, route, vehicle, variation));
  return withReverses(legs, route.reverses);
}

type Cut = Piece & { readonly wayM: number };

function cutAt(pieces: readonly Piece[], cuts: readonly number[]): readonly Cut[] {
  const legs: Cut[] = [];
  let startM = 0;
  for (const piece of pieces) {
    const inner = cuts.map((cut) => cut - startM).filter((m) => m > 0.01 && m < piece.lengthM - 0.01);
    const marks = [0, ...new Set(inner), piece.lengthM];
    for (const [i, fromM] of marks.slice(0, -1).entries()) {
      const lengthM = (marks[i + 1] ?? fromM) - fromM;
      const { curvature } = piece;
      legs.push({ ...poseAt(piece, fromM), curvature, lengthM, wayM: startM + fromM });
    }
    startM += piece.lengthM;
  }
  return legs;
}

function limited(cut: Cut, route: Route, vehicle: Vehicle, variation: readonly Variation[]): Leg {
  const middleM = cut.wayM + cut.lengthM / 2;
  const ferry = route.ferries.find(({ fromM, toM }) => middleM >= fromM && middleM < toM);
  const said = route.speeds.findLast(({ fromM }) => fromM <= middleM)?.speedMps ?? route.speedMps;
  const varied = said * (variation.findLast(({ fromM }) => fromM <= middleM)?.factor ?? 1);
  const inCurve = Math.sqrt(vehicle.lateralMps2 / Math.max(1e-9, Math.abs(cut.curvature)));
  const stop = route.stops.find(({ atM }) => isAt(atM, cut.wayM));
  const boards = route.ferries.some(({ fromM, toM }) => isAt(fromM, cut.wayM) || isAt(toM, cut.wayM));
  return {
    ...cut,
    direction: 1,
    limitMps: Math.min(ferry?.speedMps ?? varied, inCurve),
    waitS: (stop?.forS ?? 0) + (boards ? BOARDING_S : 0),
    stops: stop !== undefined || boards,
    facesDeg: ferry?.facesDeg ?? 0,
  };
}

/** Cuts are as near to what they were made for as `cutAt` lets pieces be short. */
function isAt(markM: number, wayM: number): boolean {
  return Math.abs(markM - wayM) <= 0.011;
}

interface Variation {
  readonly fromM: number;
  readonly factor: number;
}

function variationOf({ speedVariation }: Route, wayM: number, random: Random): readonly Variation[] {
  const changes: Variation[] = [];
  if (speedVariation === 0) return changes;
  for (let fromM = 0; fromM < wayM; fromM += 50 + 350 * random()) {
    changes.push({ fromM, factor: 1 - 0.95 * speedVariation * random() });
  }
  return changes;
}

/** Before the leg at `atM`: back over the legs before it, and forth again. */
function withReverses(legs: readonly Leg[], reverses: Route["reverses"]): readonly Leg[] {
  return legs.flatMap((leg, i) => {
    const reverse = reverses.find(({ atM }) => isAt(atM, leg.wayM));
    if (reverse === undefined) return [leg];
    const { speedMps, byM } = reverse;
    const forth = lastMetres(legs.slice(0, i), byM).map((each) => ({
      ...each,
      limitMps: Math.min(each.limitMps, 2 * speedMps),
      stops: false,
      waitS: 0,
    }));
    const back = forth.toReversed().map((each) => backwards(each, speedMps));
    return [...standing(back), ...standing(forth), leg];
  });
}

function lastMetres(legs: readonly Leg[], byM: number): readonly Leg[] {
  const found: Leg[] = [];
  let leftM = byM;
  for (const leg of legs.toReversed()) {
    if (leftM <= 0.01) break;
    const skipM = Math.max(0, leg.lengthM - leftM);
    found.unshift({ ...leg, ...poseAt(leg, skipM), lengthM: leg.lengthM - skipM, wayM: leg.wayM + skipM });
    leftM -= leg.lengthM - skipM;
  }
  return found;
}

function backwards(leg: Leg, speedMps: number): Leg {
  const limitMps = Math.min(speedMps, leg.limitMps);
  return { ...leg, ...poseAt(leg, leg.lengthM), direction: -1, limitMps };
}

/** The first of these begins with a standstill. */
function standing(legs: readonly Leg[]): readonly Leg[] {
  return legs.map((leg, i) => (i === 0 ? { ...leg, stops: true, waitS: TURNING_ROUND_S } : leg));
}
