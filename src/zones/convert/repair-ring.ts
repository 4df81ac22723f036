/** What was done to the rings of a geometry. */
export interface Repairs {
  closed: number;
  repeated: number;
  rewound: number;
}

/**
 * Repairs that leave no doubt about the area: an open ring is closed, a position that repeats the one before is left out, and
 * shells run counterclockwise, holes clockwise (RFC 7946). What is no ring stays as it is, for the checks to report.
 */
export function repairRings(type: string, coordinates: unknown, repairs: Repairs): unknown {
  if (type === "Polygon") return polygon(coordinates, repairs);
  if (type !== "MultiPolygon" || !Array.isArray(coordinates)) return coordinates;
  return coordinates.map((each: unknown) => polygon(each, repairs));
}

function polygon(rings: unknown, repairs: Repairs): unknown {
  if (!Array.isArray(rings)) return rings;
  return rings.map((ring: unknown, index) => (isRing(ring) ? repaired(ring, index === 0, repairs) : ring));
}

type Position = readonly number[];

const isRing = (value: unknown): value is readonly Position[] =>
  Array.isArray(value) &&
  value.length >= 3 &&
  value.every((each) => Array.isArray(each) && each.length >= 2 && each.every(Number.isFinite));

function repaired(ring: readonly Position[], isShell: boolean, repairs: Repairs): readonly Position[] {
  const order = repairedOrder(ring, isShell, repairs);
  return order.map((index) => ring[index] ?? []);
}

/** The positions of the repaired ring as indices into the given one: for arrays and for texts alike. */
export function repairedOrder(
  ring: readonly Position[],
  isShell: boolean,
  repairs: Repairs,
): readonly number[] {
  const kept = ring
    .map((_, index) => index)
    .filter((index) => index === 0 || !isSame(ring[index], ring[index - 1]));
  repairs.repeated += ring.length - kept.length;
  const [first = 0, last = 0] = [kept[0], kept.at(-1)];
  if (!isSame(ring[first], ring[last])) {
    // Rounding on the way may have moved one of the two: a step of a millimetre would be a spike.
    if (kept.length > 3 && isNear(ring[first], ring[last])) kept.pop();
    kept.push(first);
    repairs.closed += 1;
  }
  const area = doubleArea(kept.map((index) => ring[index] ?? []));
  // Over the antimeridian the sign says nothing, and a ring without any area has no direction.
  if (area === 0 || crossesAntimeridian(ring) || area > 0 === isShell) return kept;
  repairs.rewound += 1;
  return kept.toReversed();
}

const isSame = (a: Position = [], b: Position = []) => a[0] === b[0] && a[1] === b[1];

/** A centimetre. */
const NEAR_DEG = 1e-7;

const isNear = ([ax = 0, ay = 0]: Position = [], [bx = 0, by = 0]: Position = []) =>
  Math.abs(ax - bx) <= NEAR_DEG && Math.abs(ay - by) <= NEAR_DEG;

/** Positive counterclockwise. */
function doubleArea(ring: readonly Position[]): number {
  const [originX = 0, originY = 0] = ring[0] ?? [];
  return ring.slice(1).reduce((sum, [x = 0, y = 0], index) => {
    const [px = 0, py = 0] = ring[index] ?? [];
    return sum + (px - originX) * (y - originY) - (x - originX) * (py - originY);
  }, 0);
}

const crossesAntimeridian = (ring: readonly Position[]) =>
  ring.some(([x = 0], index) => index > 0 && Math.abs(x - (ring[index - 1]?.[0] ?? x)) > 180);
