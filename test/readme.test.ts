import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";

const README = readFileSync("README.md", "utf8");

test("the library example of the README runs as printed, and guards", () => {
  const example = /```ts\n([\s\S]*?)```/.exec(README)?.[1] ?? "";
  const given = `
    import { interval, map } from "rxjs";
    const now = () => Date.now();
    const fix = () => ({ timeMs: now(), latDeg: 37.4217, lonDeg: -122.0846, accuracyM: 3, speedMps: 0, courseDeg: null, quality: "autonomous" as const });
    const fixes = interval(20).pipe(map(fix));
    const pixels = () => ({ width: 4, height: 2, format: "gray8" as const, data: new Uint8Array(8), keyframe: true });
    const frames = interval(20).pipe(map((seq) => ({ camera: "front", timeMs: now(), seq, ...pixels() })));
    const seen: string[] = [];
    const keep = ({ action, reason }: { action: string; reason: string }, frame: unknown) => {
      seen.push(\`\${action} \${reason} \${frame === undefined ? "nothing" : "a frame"}\`);
    };
    const forget = () => {};
    const endMs = now() + 30_000;
    setInterval(() => {
      if (now() < endMs && !seen.some((what) => what.startsWith("pass"))) return;
      gate.unsubscribe();
      console.log(JSON.stringify(seen));
      process.exit();
    }, 20);
  `;
  mkdirSync("out", { recursive: true });
  const [imports, ...rest] = example.split("\n\n");
  writeFileSync(
    "out/readme-example.ts",
    `${imports}\n${given}\n${rest.join("\n\n")}`.replace('"camfence"', '"../src/index.ts"'),
  );
  const printed = execFileSync("npx", ["tsx", "out/readme-example.ts"], { encoding: "utf8" });
  const seen = JSON.parse(printed) as readonly string[];
  expect(seen[0]).toBe("drop no-fix nothing");
  expect(seen.filter((what) => what.startsWith("pass"))).toContain("pass clear a frame");
  expect(seen.filter((what) => !/^(?:pass clear a frame|drop [a-z-]+ nothing)$/.test(what))).toEqual([]);
});
