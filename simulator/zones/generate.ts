import type { Random } from "../../src/core/random.ts";
import type { TrueShape, TrueZone } from "../drive.ts";
import type { Ground, Point } from "../route/ground.ts";
import type { GeneratedZones, ZoneKind } from "../scenario/zones.ts";
import { generateTimes } from "./generate-times.ts";
import { boxAround, polygonOf } from "./shapes.ts";

const CATEGORIES = ["military", "defence-industry", "government", "housing-compound", "other"] as const;
/** A range is so long and so deep, metres. */
const RANGE_M = { long: 100_000, deep: 20_000 } as const;

/** Zones made up beside the way, `nearWay` giving a random point of it. */
export function generateZones(
  wanted: GeneratedZones,
  nearWay: () => Point,
  ground: Ground,
  random: Random,
  startMs: number,
): readonly TrueZone[] {
  const zones: TrueZone[] = [];
  for (let i = 0; zones.length < wanted.count; i++) {
    const kind = pick(wanted.kinds, random);
    const centre = beside(nearWay(), wanted.offsetM, random);
    for (const shapes of outlines(kind, centre, ground, random)) {
      if (zones.length < wanted.count)
        zones.push(zoneAround(`${kind}-${i + 1}.${zones.length}`, shapes, wanted, random, startMs));
    }
  }
  return zones;
}

function zoneAround(
  id: string,
  shapes: readonly TrueShape[],
  { blurShare, viewShare, timedShare }: GeneratedZones,
  random: Random,
  startMs: number,
): TrueZone {
  return {
    id,
    category: pick(CATEGORIES, random),
    action: random() < blurShare ? "blur" : "drop",
    standoffM: random() < 0.5 ? 25 : Math.round(60 * random()),
    viewM: random() < viewShare ? Math.round(50 + 250 * random()) : 0,
    cameras: null,
    shapes,
    times: timedShare > 0 && random() < timedShare ? generateTimes(startMs, random) : null,
  };
}

/** The shapes of each zone of a kind: nested ones are several. */
function outlines(
  kind: ZoneKind,
  at: Point,
  ground: Ground,
  random: Random,
): readonly (readonly TrueShape[])[] {
  const turned = 360 * random();
  const box = (centre: Point, eastM: number, northM: number): readonly Point[] =>
    boxAround(centre, eastM, northM, turned);
  switch (kind) {
    case "compound":
      return [[polygonOf([box(at, 5, 5)], ground)]];
    case "sliver":
      return [[polygonOf([box(at, 200 + 600 * random(), 1 + 2 * random())], ground)]];
    case "nested":
      return [200, 90, 30].map((size) => [polygonOf([box(at, size, size)], ground)]);
    case "hole":
      return [[polygonOf([box(at, 160, 160), box(at, 100, 100)], ground)]];
    case "range": {
      // Its near side is where any other zone would lie.
      const away = (turned * Math.PI) / 180;
      const deep = RANGE_M.deep / 2;
      const middle = { x: at.x + deep * Math.sin(away), y: at.y + deep * Math.cos(away) };
      return [[polygonOf([box(middle, RANGE_M.long, RANGE_M.deep)], ground)]];
    }
    case "circle":
      return [[{ kind: "circle", ...ground.positionOf(at), radiusM: 10 + 140 * random() }]];
    case "parts":
      return [[0, 1, 2].map((i) => polygonOf([box({ x: at.x + 70 * i, y: at.y + 40 * i }, 30, 30)], ground))];
    default:
      return kind satisfies never;
  }
}

function beside({ x, y }: Point, offsetM: number, random: Random): Point {
  const [bearing, metres] = [2 * Math.PI * random(), offsetM * random()];
  return { x: x + metres * Math.sin(bearing), y: y + metres * Math.cos(bearing) };
}

function pick<T>(from: readonly T[], random: Random): T {
  return from[Math.floor(random() * from.length)] as T;
}
