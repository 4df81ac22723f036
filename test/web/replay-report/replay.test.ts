import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { replay } from "../../../src/cli/replay.ts";
import type { Summary } from "../../../src/gate/summary.ts";

const DRIVE = "simulator/drives/mountain-view/mountain-view.nmea";
const out = mkdtempSync(join(tmpdir(), "camfence-report-"));
let page = "";

beforeAll(async () => {
  const io = {
    stdout: () => {},
    stderr: () => {},
    interactive: false,
    colour: false,
    nowMs: () => Date.now(),
  };
  const cameras = ["--fps", "2", "--cameras", "front:0:100,rear:180:120"];
  await replay([DRIVE, "--zones", "geofences", ...cameras, "--out", out], io);
  page = readFileSync(join(out, "report.html"), "utf8");
});

afterAll(() => rmSync(out, { recursive: true }));

test("a replay leaves its report beside its summary, with the same counts", () => {
  const { frames, zonesTouched, zoneSet } = JSON.parse(
    readFileSync(join(out, "summary.json"), "utf8"),
  ) as Summary;
  const [, sum = ""] = /<p class="sum">(.*?)<\/p>/s.exec(page) ?? [];
  const counts = [...sum.matchAll(/<b>([\d,]+)<\/b>/g)].map(([, text = ""]) =>
    Number(text.replaceAll(",", "")),
  );
  expect(counts).toEqual([frames.in, frames.passed, frames.blurred, frames.dropped]);
  for (const { id } of zonesTouched) expect(page).toContain(`<b><bdi>${id}</bdi></b>`);
  expect(page).toContain(zoneSet.hash);
});

test("the strips hold every frame of the drive", () => {
  const { frames } = JSON.parse(readFileSync(join(out, "summary.json"), "utf8")) as Summary;
  const [, strips = ""] = page.split('<div class="timeline">');
  const titles = [
    ...(strips.split("</div>\n    <ul")[0] ?? "").matchAll(/data-run="[^"]*".*?<title>(.*?)<\/title>/g),
  ];
  const count = (what: string) =>
    titles.reduce(
      (sum, [, title = ""]) =>
        sum + Number(new RegExp(`([\\d,]+) ${what}`).exec(title)?.[1]?.replaceAll(",", "") ?? 0),
      0,
    );
  expect([count("passed"), count("blurred"), count("dropped")]).toEqual([
    frames.passed,
    frames.blurred,
    frames.dropped,
  ]);
});

test("the report of a drive of a quarter of an hour is small", () => {
  expect(page.length).toBeLessThan(300_000);
});
