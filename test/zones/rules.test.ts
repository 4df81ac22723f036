import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadZones } from "../../src/zones/load-zones.ts";
import { ADVICE } from "../../src/zones/advice/all-advice.ts";
import { RULES } from "../../src/zones/check/mistake.ts";
import { fixture, mistakesOf, NOW_MS, rulesOf } from "./fixtures.ts";

const geojsonIn = (folder: string) =>
  readdirSync(fixture(folder)).filter((name) => name.endsWith(".geojson"));

/** `line:column rule path` of each error, by fixture. */
const expected: Record<string, string[]> = JSON.parse(readFileSync(fixture("bad/expected.json"), "utf8"));

describe("a file with a mistake is refused, and the mistake has a rule, a line and a path", () => {
  it.each(geojsonIn("bad"))("%s", async (name) => {
    const result = await loadZones([fixture(`bad/${name}`)], { nowMs: NOW_MS });
    expect(result.outcome).toBe("refused");
    const errors = mistakesOf(result).filter(({ severity }) => severity === "error");
    expect(errors.map(({ line, column, rule, path }) => `${line}:${column} ${rule} ${path}`.trim())).toEqual(
      expected[name],
    );
    expect(rulesOf(result)).toContain(name.replace(/(--.*)?\.geojson$/, ""));
    for (const { got, expected: wanted, advice } of errors)
      expect([got, wanted, advice].every((text) => text.length > 0 && !text.includes("\n"))).toBe(true);
  });
});

describe("an ordinary file loads without a word", () => {
  it.each(geojsonIn("good"))("%s", async (name) => {
    const result = await loadZones([fixture(`good/${name}`)], { nowMs: NOW_MS });
    expect(mistakesOf(result)).toEqual([]);
    expect(result.outcome).toBe("loaded");
  });
});

it("every rule has a fixture, or a test that needs more than one file", () => {
  const shown = new Set(geojsonIn("bad").map((name) => name.replace(/(--.*)?\.geojson$/, "")));
  const elsewhere = ["conflicting-id", "issued-in-future", "too-tangled", ...ADVICE.map(({ rule }) => rule)];
  expect([...shown, ...elsewhere].toSorted()).toEqual([...RULES].toSorted());
});
