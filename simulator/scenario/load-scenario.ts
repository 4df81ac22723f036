import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { SaxesParser } from "saxes";
import { CamfenceError, messageOf } from "../../src/core/errors.ts";
import { readTrueZones } from "../zones/read-zone-file.ts";
import type { Place } from "./fields.ts";
import { Scenario } from "./scenario.ts";
import type { MemberSchemas } from "./yaml-file.ts";
import { parseYaml } from "./yaml-file.ts";

/**
 * Reads a scenario and the files that it names, from its own folder on; `members` check what the scenario's schema leaves open. Throws CamfenceError `unreadable`, or `malformed`
 * with every mistake and its line.
 */
export async function loadScenario(file: string, members: MemberSchemas = {}): Promise<Scenario> {
  return withFiles(parseScenario(file, await textOf(file), members), file);
}

/** The scenario with what the files say that it names, their names counted from `file` on. Throws as `loadScenario`. */
export async function withFiles(scenario: Scenario, file: string): Promise<Scenario> {
  return withZoneFiles(await withGpx(scenario, file), file);
}

export function parseScenario(file: string, text: string, members: MemberSchemas = {}): Scenario {
  return parseYaml(file, text, Scenario, members);
}

async function withGpx(scenario: Scenario, file: string): Promise<Scenario> {
  const { gpx, ...route } = scenario.route;
  if (gpx === undefined) return scenario;
  const path = resolve(dirname(file), gpx);
  return { ...scenario, route: { ...route, waypoints: gpxPlaces(path, await textOf(path)) } };
}

/** Their texts become part of the scenario, so that it is whole: a thread or a smaller scenario needs no folder. */
async function withZoneFiles(scenario: Scenario, file: string): Promise<Scenario> {
  const { files, ...zones } = scenario.zones;
  const inline = [...zones.inline];
  for (const name of files) {
    const path = resolve(dirname(file), name);
    const own = basename(path);
    // Files of several folders may have one name.
    const isTaken = inline.some((each) => each.file === own);
    inline.push({ file: isTaken ? `${inline.length}-${own}` : own, text: await textOf(path) });
    readTrueZones(path, inline.at(-1)?.text ?? "");
  }
  for (const each of zones.inline) readTrueZones(each.file, each.text);
  return { ...scenario, zones: { ...zones, inline, files: [] } };
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
