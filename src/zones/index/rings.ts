import { at, intAt } from "../../core/at.ts";
import type { Ring } from "../zone.ts";

/** The rings of a set, one after the other. */
export interface Rings {
  /** `RING` numbers a ring. */
  readonly rings: Int32Array;
  /** Four numbers a box, in units, as `BoxTree` has them; zeros until `firstBoxOf` asks for a ring's. */
  readonly boxes: Int32Array;
  /** Longitude and latitude, vertex by vertex: in degrees … */
  readonly degrees: Float64Array;
  /** … and of rings of which every number has at most seven decimals, in units of the seventh: half the memory. */
  readonly decimals: Int32Array;
}

/**
 * A ring's record: its first vertex, inverted (~) where it is among the decimals; its edges, one fewer than vertices,
 * as the first is repeated at the end; and its first box.
 */
export const RING = { first: 0, edges: 1, firstBox: 2, size: 3 } as const;

/** A ring is cut into *chains* of so many edges, the last of fewer (measured: 16 and 32 cost a verdict more). */
export const CHAIN_EDGES = 8;

/** A centimetre at the equator: what most tools write, so that most sets need no more. */
export const DECIMALS_PER_DEG = 1e7;

export function edgesOf(rings: Int32Array, ring: number): number {
  return intAt(rings, RING.size * ring + RING.edges);
}

/**
 * Whether a ring can stand among the decimals to the bit: a number that was read from so many decimals is the double
 * nearest to it, as is its whole number of units divided by the units of a degree (IEEE 754 divides so).
 */
export function isDecimal(ring: Ring): boolean {
  for (const deg of ring) if (!Object.is(degOf(unitsOf(deg)), deg)) return false;
  return true;
}

/** Writes a ring that can. `Int32Array.from` takes many times as long (measured). */
export function writeDecimals(ring: Ring, decimals: Int32Array, from: number): void {
  for (let i = 0; i < ring.length; i++) decimals[from + i] = unitsOf(ring[i] ?? Number.NaN);
}

/** Some other number where it is none of 32 bits. */
function unitsOf(deg: number): number {
  return Math.round(deg * DECIMALS_PER_DEG) | 0;
}

/** A ring as it went in. */
export function ringAt(all: Rings, ring: number): Ring {
  const first = intAt(all.rings, RING.size * ring);
  const length = 2 * (edgesOf(all.rings, ring) + 1);
  if (first >= 0) return all.degrees.subarray(2 * first, 2 * first + length);
  return Float64Array.from(all.decimals.subarray(2 * ~first, 2 * ~first + length), degOf);
}

function degOf(units: number): number {
  return units / DECIMALS_PER_DEG;
}

/** The vertices of a chain: the numbers from `from` to `last` + 1. */
export interface Chain {
  readonly numbers: Float64Array;
  readonly from: number;
  /** Where the last vertex begins. */
  readonly last: number;
}

/** Stands until the next call. */
export function chainAt({ rings, degrees, decimals }: Rings, ring: number, chain: number): Chain {
  const r = RING.size * ring;
  const first = intAt(rings, r);
  const firstEdge = CHAIN_EDGES * chain;
  const length = 2 * Math.min(CHAIN_EDGES, intAt(rings, r + RING.edges) - firstEdge);
  const from = 2 * ((first < 0 ? ~first : first) + firstEdge);
  if (first >= 0) return { numbers: degrees, from, last: from + length };
  for (let i = 0; i < length + 2; i++) ROOM[i] = intAt(decimals, from + i) / DECIMALS_PER_DEG;
  return { numbers: ROOM, from: 0, last: length };
}

const ROOM = new Float64Array(2 * (CHAIN_EDGES + 1));

/** The latitude of a ring's vertex. */
export function latAt({ rings, degrees, decimals }: Rings, ring: number, vertex: number): number {
  const first = intAt(rings, RING.size * ring);
  if (first >= 0) return at(degrees, 2 * (first + vertex) + 1);
  return degOf(intAt(decimals, 2 * (~first + vertex) + 1));
}
