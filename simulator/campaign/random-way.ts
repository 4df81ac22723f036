import type { Random } from "../../src/core/random.ts";
import type { ScenarioInput } from "../scenario/scenario.ts";
import { often, pick, within } from "./draw.ts";

const ORIGINS = [
  { latDeg: 48.1, lonDeg: 11.5 },
  { latDeg: 0.01, lonDeg: 0.005 },
  { latDeg: -41.2, lonDeg: 179.995 },
  { latDeg: 69.6, lonDeg: -179.99 },
  { latDeg: 31.2, lonDeg: 121.4 },
  { latDeg: -33.4, lonDeg: -70.6 },
] as const;

/** Ways of GPX files, the zone files that lie along them, and when these say different things. From `simulator/scenarios`. */
const RECORDED = [
  {
    gpx: "routes/harbour.gpx",
    origin: { latDeg: 48.0975, lonDeg: 11.5 },
    files: ["zones/harbour.geojson"],
    startsAt: "2026-03-01T08:00:00Z",
  },
  {
    gpx: "routes/shanghai.gpx",
    origin: { latDeg: 31.125, lonDeg: 121.4 },
    files: ["../../geofences/china/gcj02-sample.geojson"],
    startsAt: "2026-06-30T15:59:20Z",
  },
  {
    gpx: "routes/mountain-view.gpx",
    origin: { latDeg: 37.42, lonDeg: -122.08 },
    files: ["mountain-view", "coverage", "regions"].map((name) => `../../geofences/${name}.geojson`),
    // An office there is restricted from 18:28 on.
    startsAt: "2026-03-03T02:27:10Z",
  },
  {
    gpx: "routes/date-line.gpx",
    origin: { latDeg: -17, lonDeg: 179.999 },
    files: [],
    startsAt: "2026-12-31T23:59:10Z",
  },
];

/** Midday, midnights, and nights in which clocks change. */
const STARTS = [
  "2026-03-01T08:00:00Z",
  "2026-03-01T15:59:10Z",
  "2026-03-29T00:59:20Z",
  "2026-10-25T00:59:30Z",
  "2026-03-08T06:59:10Z",
  "2026-04-04T14:59:20Z",
  "2026-12-31T23:59:30Z",
];

const STYLES = {
  town: { lengthM: 900, speedMps: 13 },
  country: { lengthM: 2000, speedMps: 25 },
  motorway: { lengthM: 3500, speedMps: 55 },
} as const;

/** Where and when a drive goes, and the zone files that lie along the way. */
export interface Way extends Pick<ScenarioInput, "route" | "origin" | "startsAt"> {
  readonly files: readonly string[];
  /** Places on the way, or near it as far as that is known before it is driven. */
  readonly places: readonly { readonly eastM: number; readonly northM: number }[];
}

export function randomWay(random: Random, longestS: number): Way {
  const style = pick(random, ["town", "town", "country", "motorway"] as const);
  const { lengthM, speedMps } = STYLES[style];
  const length = lengthM * within(random, 0.6, 1.4);
  const along = (share: number): number => length * share;
  const driven = {
    speedMps: speedMps * within(random, 0.5, 1.2),
    speedVariation: often(random, 0.5) ? 0.3 * random() : 0,
    stops: often(random, 0.3) ? [{ atM: along(within(random, 0.2, 0.6)), forS: within(random, 2, 12) }] : [],
    reverses: often(random, 0.2) ? [{ atM: along(0.7), byM: within(random, 3, 25) }] : [],
    tunnels: often(random, 0.15) ? [{ fromM: along(0.3), toM: along(0.3) + within(random, 30, 200) }] : [],
    ferries: often(random, 0.05) ? [{ fromM: along(0.5), toM: along(0.5) + within(random, 20, 100) }] : [],
    waitsS: within(random, 1, 4),
    endsS: longestS,
  };
  const near = (): number => within(random, -0.4, 0.4) * length;
  const drawn = { origin: pick(random, ORIGINS), startsAt: pick(random, STARTS), files: [] };
  const kind = random();
  if (kind < 0.12) {
    const { gpx, ...recorded } = pick(random, RECORDED);
    return { ...recorded, route: { ...driven, gpx }, places: [{ eastM: near(), northM: near() }] };
  }
  if (kind < 0.3) {
    const waypoints = thereAndBack(random, length / 2);
    return { ...drawn, route: { ...driven, waypoints }, places: waypoints };
  }
  const places = Array.from({ length: 4 }, () => ({ eastM: near(), northM: near() }));
  return { ...drawn, route: { ...driven, generated: { lengthM: length, style } }, places };
}

/** Out, a turn on the spot's circle, and home beside the same zones. */
function thereAndBack(random: Random, lengthM: number) {
  const bearing = 2 * Math.PI * random();
  const at = (alongM: number, asideM: number) => ({
    eastM: alongM * Math.sin(bearing) + asideM * Math.cos(bearing),
    northM: alongM * Math.cos(bearing) - asideM * Math.sin(bearing),
  });
  return [
    at(0, 0),
    at(lengthM / 2, within(random, -40, 40)),
    at(lengthM, 0),
    at(lengthM + 20, 20),
    at(lengthM, 30),
    at(0, 30),
  ];
}
