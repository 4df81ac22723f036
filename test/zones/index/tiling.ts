import type { Position } from "../../../src/core/position.ts";
import type { Random } from "../../../src/core/random.ts";
import { besideShell } from "../../../src/zones/check/beside-shell.ts";
import { unwrap } from "../../../src/zones/unwrap.ts";
import type { Ring, Shape } from "../../../src/zones/zone.ts";
import { between } from "../random-shapes.ts";

/** Countries that share their borders, vertex for vertex, and lie on a grid of bent lines. */
export interface Tiling {
  readonly shapes: readonly Shape[];
  /** Lines of which only one side is covered, longitudes running on over the antimeridian. */
  readonly borders: readonly Ring[];
}

type LonLat = readonly [lonDeg: number, latDeg: number];
/** From a column and row to others, exclusive. */
type Block = readonly [west: number, south: number, east: number, north: number];

const CELLS = 6;

export interface TilingOptions {
  /** Where the middle of the grid is: a line of it runs there. */
  readonly centre: Position;
  readonly sizeDeg: number;
  /** Decimals of coordinates. */
  readonly decimals: number;
}

export function tiling(random: Random, options: TilingOptions): Tiling {
  const line = bentLines(random, options);
  const covered = new Set<string>();
  const shapes: Shape[] = [];
  const cover = (block: Block, hole: Block | null): void => {
    for (const [column, row] of cellsOf(block))
      if (!hole || !isIn(hole, column, row)) covered.add(`${column} ${row}`);
    const rings = [block, ...(hole ? [hole] : [])].map((each) => asFiled(random, around(line, each)));
    shapes.push({ kind: "polygon", rings: besideShell(rings) });
  };
  for (const block of split(random, [0, 0, CELLS, CELLS])) {
    if (random() < 0.15) continue;
    const [west, south, east, north] = block;
    const isRoomy = east - west > 2 && north - south > 2;
    const hole: Block | null = isRoomy && random() < 0.7 ? [west + 1, south + 1, east - 1, north - 1] : null;
    cover(block, hole);
    if (hole && random() < 0.6) cover(hole, null);
  }
  return { shapes, borders: openLines(line, (column, row) => covered.has(`${column} ${row}`)) };
}

function split(random: Random, [west, south, east, north]: Block): readonly Block[] {
  const [columns, rows] = [east - west, north - south];
  if (columns * rows === 1 || random() < (columns * rows < 13 ? 0.4 : 0)) return [[west, south, east, north]];
  if (columns > rows || (columns === rows && random() < 0.5)) {
    const at = west + 1 + Math.floor(random() * (columns - 1));
    return [...split(random, [west, south, at, north]), ...split(random, [at, south, east, north])];
  }
  const at = south + 1 + Math.floor(random() * (rows - 1));
  return [...split(random, [west, south, east, at]), ...split(random, [west, at, east, north])];
}

function cellsOf([west, south, east, north]: Block): readonly (readonly [number, number])[] {
  const columns = Array.from({ length: east - west }, (_, i) => west + i);
  return columns.flatMap((column) =>
    Array.from({ length: north - south }, (_, i) => [column, south + i] as const),
  );
}

const isIn = ([west, south, east, north]: Block, column: number, row: number): boolean =>
  column >= west && column < east && row >= south && row < north;

type Line = (column: number, row: number, way: "east" | "north") => readonly LonLat[];

/** The lines from each corner to the next one to the east or to the north; corners are moved a little, lines of up to four edges. */
function bentLines(random: Random, { centre, sizeDeg, decimals }: TilingOptions): Line {
  const stretch = 1 / Math.cos((centre.latDeg * Math.PI) / 180);
  const cellDeg = (2 * sizeDeg) / CELLS;
  const moved = (by: number) => between(random, -by, by);
  const rounded = (deg: number) => Math.round(deg * 10 ** decimals) / 10 ** decimals;
  // The middle column stays where it is: on the antimeridian.
  const isMiddle = (column: number) => column === CELLS / 2;
  const corners = once((column: number, row: number): LonLat => [
    rounded(centre.lonDeg + stretch * cellDeg * (column + (isMiddle(column) ? 0 : moved(0.2)) - CELLS / 2)),
    rounded(centre.latDeg + cellDeg * (row + moved(0.2) - CELLS / 2)),
  ]);
  return once((column: number, row: number, way: "east" | "north") => {
    const [a, b] = [
      corners(column, row),
      way === "east" ? corners(column + 1, row) : corners(column, row + 1),
    ];
    const pieces = 1 + Math.floor(random() * 4);
    const bendDeg = way === "north" && isMiddle(column) ? 0 : 0.03 * cellDeg;
    const on = Array.from({ length: pieces - 1 }, (_, i): LonLat => {
      const t = (i + 1) / pieces;
      const [lonDeg, latDeg] = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
      return [rounded(lonDeg + moved(bendDeg)), rounded(latDeg + moved(bendDeg / 2))];
    });
    return [a, ...on, b];
  });
}

/** Makes what belongs to each key only once. */
function once<Key extends readonly unknown[], Made>(make: (...key: Key) => Made): (...key: Key) => Made {
  const known = new Map<string, Made>();
  return (...key) => {
    const made = known.get(key.join(" ")) ?? make(...key);
    known.set(key.join(" "), made);
    return made;
  };
}

/** Around a block, counter-clockwise; not closed. */
function around(line: Line, [west, south, east, north]: Block): readonly LonLat[] {
  const columns = Array.from({ length: east - west }, (_, i) => west + i);
  const rows = Array.from({ length: north - south }, (_, i) => south + i);
  return [
    ...columns.map((column) => line(column, south, "east")),
    ...rows.map((row) => line(east, row, "north")),
    ...columns.toReversed().map((column) => line(column, north, "east").toReversed()),
    ...rows.toReversed().map((row) => line(west, row, "north").toReversed()),
  ].flatMap((each) => each.slice(0, -1));
}

/** The lines with something covered on one side only. */
function openLines(line: Line, isCovered: (column: number, row: number) => boolean): readonly Ring[] {
  const found: (readonly LonLat[])[] = [];
  for (const [column, row] of cellsOf([0, 0, CELLS + 1, CELLS + 1])) {
    const here = isCovered(column, row);
    if (column < CELLS && here !== isCovered(column, row - 1)) found.push(line(column, row, "east"));
    if (row < CELLS && here !== isCovered(column - 1, row)) found.push(line(column, row, "north"));
  }
  return found.map((each) => Float64Array.from(each.flat()));
}

/** As a file has it and the loader gives it: from any vertex, either way round, within [−180, 180], then unwrapped. */
function asFiled(random: Random, places: readonly LonLat[]): Ring {
  const begin = Math.floor(random() * places.length);
  const begun = [...places.slice(begin), ...places.slice(0, begin)];
  const way = random() < 0.5 ? begun : begun.toReversed();
  const [first = [0, 0] as const] = way;
  // A ring that ends at the antimeridian keeps to its side of it.
  const west = Math.min(...places.map(([lonDeg]) => lonDeg));
  const filed = [...way, first].flatMap(([lonDeg, latDeg]) => [
    lonDeg > 180 || (lonDeg === 180 && west === 180) ? lonDeg - 360 : lonDeg,
    latDeg,
  ]);
  return unwrap(Float64Array.from(filed));
}
