import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { SaxesParser } from "saxes";
import { CamfenceError, messageOf } from "../../src/core/errors.ts";
import type { TrueShape, TrueZone } from "../drive.ts";
import { readTrueZones } from "../zones/read-zone-file.ts";
import type { Place } from "./fields.ts";
import { Scenario } from "./scenario.ts";
import { parseYaml } from "./yaml-file.ts";
import type { ShapeInput, ZoneInput } from "./zones.ts";

/**
 * Reads a scenario and the files that it names, from its own folder on. Throws CamfenceError `unreadable`, or `malformed`
 * with every mistake and its line.
 */
export async function loadScenario(file: string): Promise<Scenario> {
  const scenario = parseScenario(file, await textOf(file));
  return withZoneFiles(await withGpx(scenario, file), file);
}

export function parseScenario(file: string, text: string): Scenario {
  return parseYaml(file, text, Scenario);
}

async function withGpx(scenario: Scenario, file: string): Promise<Scenario> {
  const { gpx, ...route } = scenario.route;
  if (gpx === undefined) return scenario;
  const path = resolve(dirname(file), gpx);
  return { ...scenario, route: { ...route, waypoints: gpxPlaces(path, await textOf(path)) } };
}

async function withZoneFiles(scenario: Scenario, file: string): Promise<Scenario> {
  const { files, ...zones } = scenario.zones;
  const features = [...zones.features];
  for (const name of files) {
    const path = resolve(dirname(file), name);
    features.push(...readTrueZones(path, await textOf(path)).zones.map(asInput));
  }
  return { ...scenario, zones: { ...zones, features, files: [] } };
}

function asInput({ shapes, cameras, ...zone }: TrueZone): ZoneInput {
  return { ...zone, ...(cameras === null ? {} : { cameras: [...cameras] }), shapes: shapes.map(shapeInput) };
}

function shapeInput(shape: TrueShape): ShapeInput {
  if (shape.kind === "circle") {
    const { latDeg, lonDeg, radiusM } = shape;
    return { circle: { at: { latDeg, lonDeg }, radiusM } };
  }
  const [polygon = [], ...holes] = shape.rings.map((ring) =>
    ring.map(([lonDeg, latDeg]) => ({ latDeg, lonDeg })),
  );
  return { polygon, holes };
}

/** Places nearer than this to the one before are noise of a receiver, not bends of a way. */
const NEAR_DEG = 5e-5;

/** Points of tracks and routes, times or not. */
function gpxPlaces(file: string, text: string): Place[] {
  const places: { latDeg: number; lonDeg: number }[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw new CamfenceError("malformed", `${file}: not well-formed XML: ${messageOf(error)}`, { file });
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (!/(?:^|:)(?:trkpt|rtept)$/.test(name)) return;
    const [latDeg, lonDeg] = [Number(attributes["lat"]), Number(attributes["lon"])];
    const last = places.at(-1);
    if (!(Math.abs(latDeg) <= 85 && Math.abs(lonDeg) <= 180)) return;
    if (last !== undefined && Math.hypot(latDeg - last.latDeg, lonDeg - last.lonDeg) < NEAR_DEG) return;
    places.push({ latDeg, lonDeg });
  });
  parser.write(text).close();
  if (places.length >= 2) return places;
  throw new CamfenceError("malformed", `${file}: got ${places.length} points, expected a track or a route`, {
    file,
  });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new CamfenceError("unreadable", `${file}: cannot be read: ${messageOf(cause)}`, { file, cause });
  }
}
