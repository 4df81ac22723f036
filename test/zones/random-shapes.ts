import type { Position } from "../../src/core/position.ts";
import type { Random } from "../../src/core/random.ts";
import type { PackedShapes } from "../../src/zones/index/packed-shapes.ts";
import { boxOfShape, packShapes } from "../../src/zones/index/packed-shapes.ts";
import type { Ring, Shape } from "../../src/zones/zone.ts";
import { NO_RULE } from "../../src/zones/index/zone-rules.ts";

/** Random figures for property tests and benchmarks. */

export function between(random: Random, low: number, high: number): number {
  return low + random() * (high - low);
}

/** Sizes of all orders between two. */
export function ofAnyOrder(random: Random, low: number, high: number): number {
  return low * (high / low) ** random();
}

/** The shapes of one area, packed in their order. */
export function packed(...shapes: readonly Shape[]): PackedShapes {
  return packShapes(shapes.map((shape) => ({ shape, box: boxOfShape(shape), area: 0, rule: NO_RULE })));
}

export interface StarOptions {
  readonly centre: Position;
  /** Half the height of the figure, degrees of latitude. */
  readonly sizeDeg: number;
  readonly vertices: number;
  /** Holes of the same form, smaller. @default 0 */
  readonly holes?: number;
  /** `spiky`: every vertex at its own distance; `smooth`: an outline as sites have. @default "spiky" */
  readonly outline?: "spiky" | "smooth";
  /** Vertices on a grid of this many degrees: shared latitudes, horizontal and vertical edges. @default none */
  readonly gridDeg?: number;
}

/** A polygon that sees its centre: no edges cross. About as wide as high, in metres. */
export function star(random: Random, options: StarOptions): Shape & { readonly kind: "polygon" } {
  const { vertices, holes = 0 } = options;
  const far = options.outline === "smooth" ? smooth(random, vertices) : spiky(random, vertices);
  const rings = [ringOf(options, far)];
  for (let hole = 1; hole <= holes; hole++) {
    rings.push(
      ringOf(
        options,
        far.map((each) => each * 0.5 ** hole),
      ),
    );
  }
  return { kind: "polygon", rings };
}

function spiky(random: Random, vertices: number): number[] {
  return Array.from({ length: vertices }, () => between(random, 0.4, 1));
}

/** A few waves around a circle, and a little of each vertex's own. */
function smooth(random: Random, vertices: number): number[] {
  const phases = [2, 3, 5].map((waves) => ({ waves, phase: between(random, 0, 2 * Math.PI) }));
  return Array.from({ length: vertices }, (_, i) => {
    const angle = (2 * Math.PI * i) / vertices;
    const wavy = phases.reduce((sum, { waves, phase }) => sum + Math.sin(waves * angle + phase), 0);
    return 0.8 + 0.06 * wavy + between(random, -0.02, 0.02);
  });
}

function ringOf({ centre, sizeDeg, gridDeg }: StarOptions, far: readonly number[]): Ring {
  const stretch = 1 / Math.cos((centre.latDeg * Math.PI) / 180);
  const onGrid = (deg: number) => (gridDeg === undefined ? deg : Math.round(deg / gridDeg) * gridDeg);
  const ring = far.flatMap((each, i) => {
    const angle = (2 * Math.PI * i) / far.length;
    return [
      onGrid(centre.lonDeg + sizeDeg * each * stretch * Math.cos(angle)),
      onGrid(Math.max(-90, Math.min(90, centre.latDeg + sizeDeg * each * Math.sin(angle)))),
    ];
  });
  return Float64Array.from([...ring, ...ring.slice(0, 2)]);
}

export function rectangle(
  west: number,
  south: number,
  east: number,
  north: number,
): Shape & { kind: "polygon" } {
  const ring = Float64Array.of(west, south, east, south, east, north, west, north, west, south);
  return { kind: "polygon", rings: [ring] };
}

/** All around the equator, and at 60° north only from −180° to −170°: its near side there is one turn away. */
export const TOWER_AT_SEAM: Shape & { readonly kind: "polygon" } = {
  kind: "polygon",
  rings: [Float64Array.of(-180, -10, 180, -10, 180, 0, -170, 0, -170, 70, -180, 70, -180, -10)],
};

/** A place on an edge or off it by `offDeg` at a right angle; vertices among them. */
export function placeByEdge(random: Random, rings: readonly Ring[], offDeg: number): Position {
  const ring = rings[Math.floor(random() * rings.length)] ?? new Float64Array();
  const v = 2 * Math.floor(random() * (ring.length / 2 - 1));
  const [aLon = 0, aLat = 0, bLon = 0, bLat = 0] = ring.subarray(v, v + 4);
  const t = random() < 0.2 ? 0 : random();
  const length = Math.hypot(bLon - aLon, bLat - aLat) || 1;
  return {
    latDeg: aLat + t * (bLat - aLat) + (offDeg * (bLon - aLon)) / length,
    lonDeg: aLon + t * (bLon - aLon) - (offDeg * (bLat - aLat)) / length,
  };
}

/** A place somewhere about a figure. */
export function placeAbout(random: Random, { centre, sizeDeg }: StarOptions, reach = 1.6): Position {
  const stretch = 1 / Math.cos((centre.latDeg * Math.PI) / 180);
  return {
    latDeg: Math.max(-90, Math.min(90, centre.latDeg + sizeDeg * between(random, -reach, reach))),
    lonDeg: centre.lonDeg + sizeDeg * stretch * between(random, -reach, reach),
  };
}
