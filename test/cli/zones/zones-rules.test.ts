import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { RULES } from "../../../src/zones/check/all-rules.ts";
import { SOURCE_RULES } from "../../../src/zones/convert/all-source-rules.ts";
import { run } from "../../../src/cli/zones.ts";
import { inProcess } from "../../kit/cli.ts";

const ALL = [...RULES, ...SOURCE_RULES];

it("zones rules lists every rule with what it asks for and what to do, for people and for programs", async () => {
  const { stdout } = await inProcess(run, "rules");
  for (const { id, severity, asks, remedy } of ALL)
    expect(stdout).toContain(`${id} (${severity})\n  ${asks}\n  What to do: ${remedy}.\n`);
  expect(JSON.parse((await inProcess(run, "rules", "--json")).stdout)).toEqual(
    ALL.map(({ id, severity, asks, remedy }) => ({ id, severity, asks, remedy })),
  );
});

it("zones rules ID… lists those, and refuses what is no rule", async () => {
  const { stdout } = await inProcess(run, "rules", "ring-open", "source-crs");
  expect(stdout.match(/^\S+/gm)).toEqual(["ring-open", "source-crs"]);
  expect((await inProcess(run, "rules", "ring-opne")).code).toBe(2);
});

it("the admins' guide lists every rule in the same words", () => {
  const rows = readFileSync("geofences/README.md", "utf8").split("\n").map(cells);
  for (const { id, severity, asks, remedy } of ALL)
    expect(rows).toContainEqual([`\`${id}\``, severity, asks, remedy]);
});

const cells = (row: string) =>
  row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
