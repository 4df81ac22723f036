import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { RULES } from "../../../src/zones/check/all-rules.ts";
import { SOURCE_RULES } from "../../../src/zones/convert/all-source-rules.ts";
import { convertFile } from "./kit.ts";

const fixture = (kind: "good" | "bad", name = "") => join(import.meta.dirname, "fixtures", kind, name);
const ruleOf = (name: string) => name.replace(/\..*$/, "");
const ids = SOURCE_RULES.map(({ id }) => id);

const found = async (path: string) => {
  const { outcome, reports } = await convertFile(path, { datum: null, category: null });
  return { outcome, mistakes: reports.flatMap(({ mistakes }) => mistakes) };
};

describe("a source that breaks a rule is told so, with the rule and the feature's line", () => {
  it.each(readdirSync(fixture("bad")))("%s", async (name) => {
    const { outcome, mistakes } = await found(fixture("bad", name));
    const rule = SOURCE_RULES.find(({ id }) => id === ruleOf(name));
    expect(mistakes.map((each) => [each.rule, each.severity])).toEqual([[rule?.id, rule?.severity]]);
    expect(outcome).toBe(rule?.severity === "error" ? "refused" : "converted");
    for (const { line, got, expected, advice } of mistakes)
      expect([line > 0, got, expected, advice].every(Boolean)).toBe(true);
  });
});

describe("a source that just keeps a rule becomes zones without a word", () => {
  it.each(readdirSync(fixture("good")))("%s", async (name) => {
    expect(await found(fixture("good", name))).toEqual({ outcome: "converted", mistakes: [] });
  });
});

it("every rule has a source that breaks it and one that keeps it", () => {
  for (const kind of ["good", "bad"] as const)
    expect(readdirSync(fixture(kind)).map(ruleOf).toSorted()).toEqual(ids.toSorted());
});

it("every rule is a file of its own, named after it, and no id stands for two rules", () => {
  const folder = join(import.meta.dirname, "../../../src/zones/convert/rules");
  expect(readdirSync(folder).toSorted()).toEqual(ids.map((id) => `${id}.ts`).toSorted());
  for (const file of readdirSync(folder))
    expect(readFileSync(join(folder, file), "utf8")).toContain(`id: "${basename(file, ".ts")}"`);
  const all = [...RULES, ...SOURCE_RULES].map(({ id }) => id);
  expect(new Set(all).size).toBe(all.length);
});
