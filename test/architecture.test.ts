import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";

/** A file imports from its own folder or from one to the left of it. */
const FLOW = ["core", "sources", "positioning", "zones", "gate", "redaction", "buffer", "upload", "audit"];
/** What joins the stages stands outside, and no stage imports it. */
const OUTSIDE = [
  "cli",
  "web",
  "pipeline.ts",
  "guard.ts",
  "guard-interface.ts",
  "data-folder.ts",
  "config.ts",
  "index.ts",
];
const TOP_LEVEL = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "src",
  "geofences",
  "simulator",
  "test",
  "README.md",
  "LICENSE",
];
/** Made by tools, and ignored by git. */
const MADE = ["dist", "node_modules", "out", "coverage"];

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => join(folder, name))
    : [];
const textOf = (file: string) => readFileSync(file, "utf8");
const importsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/\b(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map(([, to = ""]) =>
    join(dirname(file), to),
  );
const stageOf = (file: string) => relative("src", file).split("/")[0] ?? "";
const isOutside = (file: string) => OUTSIDE.includes(stageOf(file));

it("every folder of src has a place in the flow", () => {
  expect(readdirSync("src").filter((name) => ![...FLOW, ...OUTSIDE, "tsconfig.json"].includes(name))).toEqual(
    [],
  );
});

it("imports point left", () => {
  const wrong = filesIn("src").flatMap((file) =>
    isOutside(file)
      ? []
      : importsOf(file)
          .filter((to) => isOutside(to) || !(FLOW.indexOf(stageOf(to)) <= FLOW.indexOf(stageOf(file))))
          .map((to) => `${file} imports ${to}`),
  );
  expect(wrong).toEqual([]);
});

it("the simulator shares no code with what it judges", () => {
  const allowed = /^(simulator|src\/core|src\/sources)\//;
  const wrong = filesIn("simulator").flatMap((file) =>
    importsOf(file)
      .filter((to) => !allowed.test(to))
      .map((to) => `${file} imports ${to}`),
  );
  expect(wrong).toEqual([]);
});

it("only cli/main.ts touches the process", () => {
  const touching = filesIn("src").filter((file) =>
    /(?<![.\w"])process\.|"(node:)?process"/.test(codeOf(file)),
  );
  expect(touching).toEqual(["src/cli/main.ts"]);
});

it("time comes from a scheduler, except where the world comes in", () => {
  const clock =
    /\bDate\.now\b|\bnew Date\(\)|\bperformance\b|\bset(Timeout|Interval|Immediate)\b|\bhrtime\b|"node:timers/;
  const reading = filesIn("src").filter(
    (file) => !/^src\/(sources|cli|web)\//.test(file) && clock.test(codeOf(file)),
  );
  expect(reading).toEqual([]);
});

it("the top level is what the README says", () => {
  const found = readdirSync(".").filter((name) => !name.startsWith(".") && !MADE.includes(name));
  expect(found.filter((name) => !TOP_LEVEL.includes(name))).toEqual([]);
  expect(TOP_LEVEL.filter((name) => !found.includes(name))).toEqual([]);
});

/** Without comments. */
function codeOf(file: string): string {
  return textOf(file).replaceAll(/\/\*[^]*?\*\/|(?<!:)\/\/.*/g, "");
}
