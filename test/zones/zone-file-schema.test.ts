import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { zoneFileJsonSchema } from "../../src/zones/zone-file-json-schema.ts";
import { loadZones } from "../../src/zones/load-zones.ts";
import { fixture, mistakesOf, NOW_MS } from "./fixtures.ts";

const samples = fileURLToPath(new URL("../../geofences/", import.meta.url));

/** The published schema, read back by zod's own JSON Schema reader: a second way through the same text. */
const published = z.fromJSONSchema(withoutExtensions(zoneFileJsonSchema()));

/** That reader has no pattern properties beside additional ones. */
function withoutExtensions(schema: unknown): Record<string, unknown> {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === "patternProperties" ? undefined : value,
  );
  const read: Record<string, unknown> = JSON.parse(text);
  return read;
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

describe("the samples", () => {
  const files = readdirSync(samples, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".geojson"),
  );

  it("are as the guide lists them", () => {
    expect(files.toSorted()).toEqual([
      "china/gcj02-sample.geojson",
      "coverage.geojson",
      "mountain-view.geojson",
      "regions.geojson",
      "world/coverage.geojson",
      "world/regions.geojson",
    ]);
  });

  it.each(files)("%s fits the published schema", (name) => {
    expect(published.safeParse(read(join(samples, name))).error?.issues).toBeUndefined();
  });

  it.each([["."], ["china"]])("%s loads without a word", async (folder) => {
    const result = await loadZones([join(samples, folder)], { nowMs: NOW_MS });
    expect(mistakesOf(result)).toEqual([]);
    expect(result.outcome).toBe("loaded");
  });

  it("have an action, a schedule, a circle and sight protection to show", async () => {
    const result = await loadZones([samples], { nowMs: NOW_MS });
    if (result.outcome !== "loaded") throw new Error("refused");
    const { zones, coverage, regions } = result.content;
    expect(new Set(zones.map(({ action }) => action))).toEqual(new Set(["drop", "blur"]));
    expect(zones.some(({ schedule }) => schedule !== null)).toBe(true);
    expect(zones.some(({ shapes }) => shapes.some(({ kind }) => kind === "circle"))).toBe(true);
    expect(zones.some(({ viewM }) => viewM > 0) && zones.some(({ viewM }) => viewM === 0)).toBe(true);
    expect([coverage.length, regions.map(({ region }) => region)]).toEqual([1, ["us"]]);
  });
});

describe("what the published schema refuses, the loader refuses", () => {
  it.each(readdirSync(fixture("bad")).filter((name) => /^(value|version|unknown-property)/.test(name)))(
    "%s",
    (name) => {
      // Only the loader knows which time zones exist, and when a window never closes.
      const isBeyondSchema = /unknown-time-zone|no-window-at-all/.test(name);
      expect(published.safeParse(read(fixture(`bad/${name}`))).success).toBe(isBeyondSchema);
    },
  );
});

it("every member has a description for the editor", () => {
  const text = JSON.stringify(zoneFileJsonSchema());
  for (const name of [
    "datum",
    "expires",
    "action",
    "standoffM",
    "viewM",
    "schedule",
    "radiusM",
    "cameras",
    "region",
  ])
    expect(text).toMatch(new RegExp(`"${name}":\\{[^{}]*"description"|"${name}":\\{.{0,2000}"description"`));
});
