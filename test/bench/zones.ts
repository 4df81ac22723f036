import Flatbush from "flatbush";
import pointInPolygon from "point-in-polygon-hao";
// @ts-expect-error -- it has no types
import whichPolygon from "which-polygon";
import type { Position } from "../../src/core/position.ts";
import { seededRandom } from "../../src/core/random.ts";
import { createGatekeeper } from "../../src/gate/gatekeeper.ts";
import { hits, worst } from "../../src/gate/judge.ts";
import { GatePolicy } from "../../src/gate/policy.ts";
import { lookAround } from "../../src/gate/surroundings.ts";
import { PositioningPolicy } from "../../src/positioning/policy.ts";
import { anchorAt, reachFrom } from "../../src/positioning/reach.ts";
import type { KnownReach } from "../../src/positioning/reach.ts";
import type { ZoneSet } from "../../src/zones/zone-set.ts";
import type { Zone } from "../../src/zones/zone.ts";
import { cameraOf, reachAt, setOf, zoneOf } from "../gate/scene.ts";
import { placeAbout, star } from "../zones/random-shapes.ts";
import { printRates } from "./rounds.ts";

/** Compounds of a big city: one every 600 m, 100 to 250 m across the middle, 64 vertices each. */
export interface City {
  readonly zones: readonly Zone[];
  /** In or near zones, in no order. */
  readonly places: readonly Position[];
  /** The same of a hundred zones about the first. */
  readonly localPlaces: readonly Position[];
}

const SPACING_DEG = 600 / 111_000;
const SIZE_DEG = 125 / 111_000;
const VERTICES = 64;
const PLACES = 20_000;
const CORNER = { latDeg: 39.6, lonDeg: 116 };
const CAMERA = cameraOf({ hfovDeg: 100 });
const MARGIN_M = GatePolicy.parse({}).marginM;

export function cityOf(count: number, options: Partial<Zone> = {}): City {
  const random = seededRandom(count);
  const across = Math.ceil(Math.sqrt(count));
  const stretch = 1 / Math.cos((CORNER.latDeg * Math.PI) / 180);
  const figures = Array.from({ length: count }, (_, i) => ({
    centre: {
      latDeg: CORNER.latDeg + SPACING_DEG * (Math.floor(i / across) + 0.4 * random()),
      lonDeg: CORNER.lonDeg + SPACING_DEG * stretch * ((i % across) + 0.4 * random()),
    },
    sizeDeg: SIZE_DEG,
    vertices: VERTICES,
    outline: "smooth" as const,
  }));
  // Files name zones in no order of place.
  const zones = shuffled(figures, random).map((figure, i) =>
    zoneOf(`z${i}`, [star(random, figure)], options),
  );
  const placesAbout = (some: typeof figures) =>
    Array.from({ length: PLACES }, () =>
      placeAbout(
        random,
        some[Math.floor(random() * some.length)] ?? { centre: CORNER, sizeDeg: 1, vertices: 0 },
        1,
      ),
    );
  const isLocal = (_: unknown, i: number) => i % across < 10 && i < 10 * across;
  return { zones, places: placesAbout(figures), localPlaces: placesAbout(figures.filter(isLocal)) };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Full verdicts beside bare containment; frames between fixes. */
export function benchZones(print: (line: string) => void): void {
  const plain = cityOf(10_000, { viewM: 0 });
  const viewed = cityOf(10_000, { viewM: 250 });
  const reaches = reachesOf(plain.places);
  const peers = [whichPolygonPeer(plain), haoPeer(plain)] as const;
  const set = setOf(plain.zones);
  const viewSet = setOf(viewed.zones);
  const over = (factor: number) => peers.map(({ name }) => ({ of: name, factor }));
  const verdicts = { count: reaches.length, work: () => judgeAll(set, reaches) };
  const views = { count: reaches.length, work: () => judgeAll(viewSet, reaches) };
  printRates(
    "10,000 zones × 64 vertices, places in or near zones",
    [
      ...peers,
      ...over(1.7).map((target) => ({ name: `verdicts, against ${target.of}`, ...verdicts, target })),
      ...over(0.5).map((target) => ({ name: `with views, against ${target.of}`, ...views, target })),
    ],
    print,
  );
  benchBetweenFixes(set, print);
}

/** Every verdict with a look-up of its own. */
export function judgeAll(set: ZoneSet, reaches: readonly KnownReach[]): number {
  let drops = 0;
  for (const reach of reaches) {
    const around = lookAround(set, reach, MARGIN_M);
    if (worst(hits(around, reach, CAMERA, 0, 0, noMargin)).action === "drop") drops++;
  }
  return drops;
}

const noMargin = () => 0;

export function reachesOf(places: readonly Position[]): KnownReach[] {
  const random = seededRandom(3);
  return places.map((place) => reachAt(place, 5 + 10 * random(), { deg: 360 * random(), errorDeg: 5 }));
}

function whichPolygonPeer({ zones, places }: City) {
  const features = zones.map(({ id, shapes }) => ({
    type: "Feature" as const,
    properties: { id },
    geometry: { type: "Polygon" as const, coordinates: coordinatesOf(shapes) },
  }));
  const query = whichPolygon({ type: "FeatureCollection", features });
  const points = places.map(({ lonDeg, latDeg }): [number, number] => [lonDeg, latDeg]);
  const work = () => points.reduce((sum, point) => (query(point) === null ? sum : sum + 1), 0);
  return { name: "which-polygon", count: places.length, work };
}

function haoPeer({ zones, places }: City) {
  const polygons = zones.map(({ shapes }) => coordinatesOf(shapes));
  const tree = new Flatbush(polygons.length);
  for (const [ring = []] of polygons) {
    const [lons, lats] = [ring.map(([lon]) => lon), ring.map(([, lat]) => lat)];
    tree.add(Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats));
  }
  tree.finish();
  const points = places.map(({ lonDeg, latDeg }): [number, number] => [lonDeg, latDeg]);
  const isIn = (point: [number, number]) =>
    tree
      .search(point[0], point[1], point[0], point[1])
      .some((item) => pointInPolygon(point, polygons[item] ?? []) !== false);
  const work = () => points.reduce((sum, point) => (isIn(point) ? sum + 1 : sum), 0);
  return { name: "flatbush + point-in-polygon-hao", count: places.length, work };
}

function coordinatesOf([shape]: Zone["shapes"]): [number, number][][] {
  if (shape?.kind !== "polygon") return [];
  return shape.rings.map((ring) =>
    Array.from({ length: ring.length / 2 }, (_, v) => [ring[2 * v] ?? 0, ring[2 * v + 1] ?? 0]),
  );
}

/** Eight cameras at 36 frames a second, a fix a second, far from any zone: positioning and verdict, no look-up. */
function benchBetweenFixes(set: ZoneSet, print: (line: string) => void): void {
  const policy = PositioningPolicy.parse({});
  const cameras = Array.from({ length: 8 }, (_, i) => cameraOf({ id: `c${i}`, yawDeg: 45 * i }));
  const keeper = createGatekeeper(cameras, GatePolicy.parse({}), seededRandom(1), 0);
  keeper.useZones(set);
  const fix = {
    timeMs: 0,
    latDeg: 38,
    lonDeg: 116,
    accuracyM: 5,
    speedMps: 15,
    courseDeg: 90,
    quality: "autonomous",
  } as const;
  const anchor = anchorAt(fix, { deg: 90, errorDeg: 4 }, policy);
  const count = 8 * 36 * 500;
  const work = () => {
    let passes = 0;
    for (let frame = 0; frame < count / 8; frame++) {
      const timeMs = ((frame % 36) * 1000) / 36;
      for (const camera of cameras) {
        if (keeper.judge(camera, reachFrom(anchor, timeMs, policy), timeMs).verdict.action === "pass")
          passes++;
      }
    }
    if (passes !== count) throw new Error(`got ${passes} passes of ${count}`);
    return passes;
  };
  const target = { perSecond: 5e6 };
  printRates(
    "frames between fixes, far from any zone",
    [{ name: "reach and verdict", count, work, target }],
    print,
  );
}
