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

/**
 * The scenario with what the files say that it names, their names counted from `file` on. Throws as `loadScenario`, once for
 * all of its files.
 */
export async function withFiles(scenario: Scenario, file: string): Promise<Scenario> {
  const [route, zones] = await Promise.allSettled([
    routeOf(scenario.route, file),
    zonesOf(scenario.zones, file),
  ]);
  if (route.status === "fulfilled" && zones.status === "fulfilled")
    return { ...scenario, route: route.value, zones: zones.value };
  throw joined([route, zones].flatMap((each) => (each.status === "rejected" ? [asError(each.reason)] : [])));
}

export function parseScenario(file: string, text: string, members: MemberSchemas = {}): Scenario {
  return parseYaml(file, text, Scenario, members);
}

async function routeOf(given: Scenario["route"], file: string): Promise<Scenario["route"]> {
  const { gpx, ...route } = given;
  if (gpx === undefined) return given;
  const path = resolve(dirname(file), gpx);
  return { ...route, waypoints: gpxPlaces(path, await textOf(path)) };
}

/** Their texts become part of the scenario, so that it is whole: a thread or a smaller scenario needs no folder. */
async function zonesOf({ files, ...zones }: Scenario["zones"], file: string): Promise<Scenario["zones"]> {
  const inline = [...zones.inline];
  const wrong: CamfenceError[] = [];
  for (const name of files) {
    const path = resolve(dirname(file), name);
    const own = basename(path);
    // Files of several folders may have one name.
    const isTaken = inline.some((each) => each.file === own);
    try {
      const text = await textOf(path);
      readTrueZones(path, text);
      inline.push({ file: isTaken ? `${inline.length}-${own}` : own, text });
    } catch (thrown) {
      wrong.push(asError(thrown));
    }
  }
  if (wrong.length > 0) throw joined(wrong);
  for (const each of zones.inline) readTrueZones(each.file, each.text);
  return { ...zones, inline, files: [] };
}

function asError(thrown: unknown): CamfenceError {
  if (thrown instanceof CamfenceError) return thrown;
  throw thrown;
}

/** What is wrong with several files, one a line. */
function joined(all: readonly CamfenceError[]): CamfenceError {
  const [first] = all;
  if (first === undefined) throw new RangeError("nothing is wrong");
  const place = first.file === undefined ? {} : { file: first.file };
  return new CamfenceError(first.code, all.map(({ message }) => message).join("\n"), place);
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
