import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, it } from "vitest";
import type { DrivesOnMap, MapState, Reaches } from "../../../src/web/map/map-state.ts";
import { camfence, jsonLines, tempDir, writeTemp } from "../../kit/cli.ts";
import { nmeaFile } from "../../kit/drives.ts";
import { box, feature, zoneFile, zoneText } from "../../kit/zones.ts";

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

async function openMap(
  ...args: readonly string[]
): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, ["dist/camfence.js", "map", ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  running.push(child);
  const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { url, child };
}

async function get<T>(url: string, name: string): Promise<T> {
  const response = await fetch(`${url}${name}`);
  return (await response.json()) as T;
}

/** Waits for what the page waits for. */
async function eventually<T>(ask: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const value = await ask();
    if (isThere(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it never came");
}

it.each(["SIGTERM", "SIGINT"] as const)(
  "prints an address of this machine, and ends with 0 at %s",
  async (signal) => {
    const { url, child } = await openMap("geofences");
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\/$/);
    expect((await fetch(url)).status).toBe(200);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
  },
);

it("every start has a token of its own", async () => {
  const urls = await Promise.all([openMap("geofences"), openMap("geofences")]);
  const tokens = urls.map(({ url }) => new URL(url).pathname);
  expect(new Set(tokens).size).toBe(2);
});

it("a clicked place gets the verdict of camfence verdict", async () => {
  const { url } = await openMap("geofences", "--cameras", "front:0:100,rear:180:120");
  for (const [lat, lon, heading] of [
    [37.4187, -122.083, 180],
    [37.425, -122.0707, null],
    [0, 0, null],
  ] as const) {
    const told = await get<{ time: string }>(
      url,
      `verdict?lat=${lat}&lon=${lon}${heading === null ? "" : `&heading=${heading}`}`,
    );
    const args = ["--zones", "geofences", "--at", `${lat},${lon}`, "--cameras", "front:0:100,rear:180:120"];
    const more = heading === null ? [] : ["--heading", String(heading)];
    const { stdout } = await camfence("verdict", ...args, ...more, "--time", told.time, "--json");
    expect(told).toEqual(JSON.parse(stdout));
  }
});

it("says what is wrong with a place", async () => {
  const { url } = await openMap("geofences");
  for (const query of [
    "",
    "lat=1",
    "lat=91&lon=0",
    "lat=NaN&lon=0",
    "lat=1&lon=1&heading=x",
    "lat=1&lon=1&accuracy=-1",
  ])
    expect(await get(url, `verdict?${query}`), query).toMatchObject({
      error: expect.stringMatching(/expected a number/),
    });
});

it("follows the files: a change is shown, a mistake with its finding, and its mending", async () => {
  const path = zoneFile([feature({ id: "a", category: "other" }, box(11, 50, 11.1, 50.1))]);
  const { url } = await openMap(path);
  const state = () => get<MapState>(url, "state");
  expect(await state()).toMatchObject({ revision: 1, areas: [{ id: "a", action: "drop" }] });
  writeFileSync(
    path,
    zoneText([feature({ id: "a", category: "other", action: "blur" }, box(11, 50, 11.1, 50.1))]),
  );
  const changed = await eventually(state, ({ areas }) => areas[0]?.action === "blur");
  expect(changed.revision).toBe(2);
  writeFileSync(path, zoneText([feature({ id: "a", category: "othr" }, box(11, 50, 11.1, 50.1))]));
  const wrong = await eventually(state, ({ set }) => set === null);
  expect(wrong.files[0]?.mistakes[0]).toMatchObject({
    rule: "value",
    path: "features[0].properties.category",
  });
  expect(await get(url, "verdict?lat=1&lon=1")).toMatchObject({ error: expect.stringMatching(/mend/) });
  writeFileSync(path, zoneText([feature({ id: "a", category: "other" }, box(11, 50, 11.1, 50.1))]));
  await eventually(state, ({ set }) => set !== null);
});

it("a folder's new file is shown; a page is told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "camfence-test-"));
  copyFileSync("geofences/mountain-view.geojson", join(folder, "a.geojson"));
  const { url } = await openMap(folder);
  const stop = new AbortController();
  const reader = (await fetch(`${url}events`, { signal: stop.signal })).body?.getReader();
  let told = "";
  writeFileSync(
    join(folder, "b.geojson"),
    zoneText([feature({ id: "b", category: "other" }, box(11, 50, 11.1, 50.1))]),
  );
  while (!told.includes("event: zones\ndata: 2\n"))
    told += new TextDecoder().decode((await reader?.read())?.value);
  stop.abort();
  expect((await get<MapState>(url, "state")).areas.map(({ id }) => id)).toContain("b");
});

it("drives are coloured as replay judges them, and again when the zones change", async () => {
  const drive = nmeaFile({ latDeg: 50, lonDeg: 11, speedMps: 20, seconds: 30 });
  const path = zoneFile([feature({ id: "far", category: "other" }, box(12, 50, 12.1, 50.1))]);
  const { url } = await openMap(path, "--drive", drive);
  const drives = () => get<DrivesOnMap>(url, "drives");
  const before = await eventually(drives, ({ revision }) => revision === 1);
  const out = tempDir();
  const replay = async () => {
    await camfence("replay", drive, "--zones", path, "--out", out);
    const actions = jsonLines(join(out, "verdicts.jsonl")).map(({ action }) => action);
    const countOf = (action: string) => actions.filter((each) => each === action).length;
    return { pass: countOf("pass"), blur: countOf("blur"), drop: countOf("drop") };
  };
  expect(before.drives[0]?.frames).toEqual(await replay());
  expect(before.drives[0]?.frames.pass).toBeGreaterThan(0);
  writeFileSync(
    path,
    zoneText([feature({ id: "near", category: "other" }, box(11, 49.999, 11.003, 50.001))]),
  );
  const after = await eventually(drives, ({ revision }) => revision === 2);
  expect(after.drives[0]?.frames).toEqual(await replay());
  expect(after.drives[0]?.pieces.some(({ zones }) => zones.includes("near"))).toBe(true);
  const replayed = await openMap(path, "--drive", join(out, "verdicts.jsonl"));
  const read = await eventually(
    () => get<DrivesOnMap>(replayed.url, "drives"),
    ({ revision }) => revision === 1,
  );
  // Its places are rounded to a millimetre.
  const bare = ({ drives: [only] }: DrivesOnMap) =>
    only?.pieces.map((piece) => ({ ...piece, line: piece.line.length }));
  expect(bare(read)).toEqual(bare(after));
});

it("a drive that cannot be read says so, and the zones are shown all the same", async () => {
  const { url } = await openMap("geofences", "--drive", "nowhere.nmea");
  const { drives } = await eventually(
    () => get<DrivesOnMap>(url, "drives"),
    ({ revision }) => revision === 1,
  );
  expect(drives[0]?.problem).toMatch(/nowhere\.nmea/);
});

it("standoff and view range are drawn of zones only, and not for another reading's numbers", async () => {
  const { url } = await openMap("geofences");
  const { areas } = await get<MapState>(url, "state");
  const all = areas.map((_, number) => number).join(",");
  const reaches = await get<Record<string, Reaches>>(url, `outlines?revision=1&of=${all}`);
  const zones = areas.flatMap(({ kind }, number) => (kind === "zone" ? [String(number)] : []));
  expect(Object.keys(reaches)).toEqual(zones);
  expect(await get(url, `outlines?revision=2&of=${all}`)).toEqual({});
});

it.each([
  ["no files", [], /got no zone files/],
  ["a missing file", ["nowhere.geojson"], /nowhere\.geojson/],
  ["a port that is none", ["geofences", "--port", "70000"], /--port/],
  ["cameras that are none", ["geofences", "--cameras", "front"], /camera/],
])("wrong usage: %s", async (_, args, says) => {
  const { code, stderr } = await camfence("map", ...args);
  expect(code).toBe(2);
  expect(stderr).toMatch(says);
});

it("explains itself with an example", async () => {
  expect(await camfence("map", "--help")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/Example: camfence map/),
  });
});

it("the page asks nothing of elsewhere: no address of another host stands in what would fetch it", () => {
  const page = readFileSync("dist/map/index.html", "utf8");
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  expect(readFileSync("dist/map/page.css", "utf8")).not.toMatch(/url\(["']?(?:https?:)?\/\//);
});

it("shows a file of garbage with its finding", async () => {
  const { url } = await openMap(writeTemp("garbage.geojson", Buffer.from([0, 255, 254])));
  expect(await get<MapState>(url, "state")).toMatchObject({ set: null, files: [{ errorCount: 1 }] });
});
