import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { RULES } from "../../../src/zones/check/all-rules.ts";
import { inspectZones } from "../../../src/zones/check/inspect-zones.ts";
import { loadZones } from "../../../src/zones/load-zones.ts";
import { contentOf, fixture, mistakesOf, NOW_MS } from "../fixtures.ts";

/** A fixture is a file, or a folder: `previous.geojson` in it is the version in force, the other files are one set. */
const fixturesIn = (kind: "good" | "bad") =>
  readdirSync(fixture(kind)).filter((name) => name !== "expected.json");

/** `ring-open--at-pole.geojson` shows the rule `ring-open`. */
const ruleOf = (name: string) => name.replace(/(--.*)?(\.geojson)?$/, "");

async function inspected(path: string) {
  const all = path.endsWith(".geojson") ? [path] : readdirSync(path).map((name) => join(path, name));
  const isEarlier = (file: string) => basename(file) === "previous.geojson";
  const before = await Promise.all(
    all.filter(isEarlier).map((file) => loadZones([file], { nowMs: NOW_MS }).then(contentOf)),
  );
  const files = all.filter((file) => !isEarlier(file));
  return inspectZones(files, { nowMs: NOW_MS, earlier: before[0] ?? null, allowShift: [] });
}

/** `line:column rule path` of each mistake, by fixture. */
const expected: Record<string, string[]> = JSON.parse(readFileSync(fixture("bad/expected.json"), "utf8"));

describe("a file that breaks a rule is told so, with the rule, the line and the path", () => {
  it.each(fixturesIn("bad"))("%s", async (name) => {
    const result = await inspected(fixture(`bad/${name}`));
    const found = mistakesOf(result);
    expect(found.map(({ line, column, rule, path }) => `${line}:${column} ${rule} ${path}`.trim())).toEqual(
      expected[name],
    );
    const shown = RULES.find(({ id }) => id === ruleOf(name));
    expect(found).toContainEqual(expect.objectContaining({ rule: shown?.id, severity: shown?.severity }));
    expect(result.outcome).toBe(shown?.severity === "error" ? "refused" : "loaded");
    for (const { got, expected: wanted, advice } of found)
      expect([got, wanted, advice].every((text) => text.length > 0 && !text.includes("\n"))).toBe(true);
  });
});

describe("a file that just keeps a rule loads without a word", () => {
  it.each(fixturesIn("good"))("%s", async (name) => {
    const result = await inspected(fixture(`good/${name}`));
    expect(mistakesOf(result)).toEqual([]);
    expect(result.outcome).toBe("loaded");
  });
});

const ids = RULES.map(({ id }) => id);

it("every rule has a file that breaks it, and one of its own name that just keeps it", () => {
  expect([...new Set(fixturesIn("bad").map(ruleOf))].toSorted()).toEqual(ids.toSorted());
  const kept = new Set(fixturesIn("good").map((name) => name.replace(/\.geojson$/, "")));
  expect(ids.filter((id) => !kept.has(id))).toEqual([]);
});

it("every rule is a file of its own, named after it and short", () => {
  const folder = join(import.meta.dirname, "../../../src/zones/check/rules");
  const files = readdirSync(folder);
  expect(files.toSorted()).toEqual(ids.map((id) => `${id}.ts`).toSorted());
  for (const file of files) {
    const text = readFileSync(join(folder, file), "utf8");
    expect(text, file).toContain(`id: "${basename(file, ".ts")}"`);
    expect(text.split("\n").length, file).toBeLessThan(60);
  }
});

it.each(RULES)("$id says in a sentence what it asks for, and what to do", ({ asks, remedy }) => {
  expect(asks).toMatch(/^[A-Z].*\.$/);
  expect(remedy.length).toBeGreaterThan(10);
});
