import { readdirSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { readDrive } from "../../src/sources/drive.ts";
import { imageFolderFrames, openImageFolder } from "../../src/sources/image-folder.ts";

const DIR = "simulator/drives/mountain-view";

test("the demo drive is 14 minutes with an outage of 40 s, without a bad sentence", async () => {
  const { reports, skipped } = await readDrive(`${DIR}/mountain-view.nmea`);
  const gapsMs = reports.slice(1).map(({ timeMs }, index) => timeMs - (reports[index]?.timeMs ?? 0));
  expect(reports[0]?.timeMs).toBe(Date.parse("2020-02-07T02:24:07Z"));
  expect(reports.at(-1)?.timeMs).toBe(Date.parse("2020-02-07T02:38:07Z"));
  expect(reports).toHaveLength(766);
  expect(Math.max(...gapsMs)).toBe(40_000);
  expect(skipped).toEqual([]);
});

test("each of its fixes states an accuracy, a speed and, when moving, a course", async () => {
  const { reports } = await readDrive(`${DIR}/mountain-view.nmea`);
  const incomplete = reports.filter(
    (report) =>
      report.quality === "none" ||
      report.accuracyM === null ||
      report.speedMps === null ||
      (report.speedMps > 1 && report.courseDeg === null),
  );
  expect(incomplete).toEqual([]);
});

test("its six images are readable, and all is small", async () => {
  const folder = await openImageFolder(`${DIR}/front`);
  const sizes = [];
  for await (const frame of imageFolderFrames(folder, "front", { fps: 1, startMs: 0, endMs: 5000 })) {
    sizes.push("width" in frame ? [frame.width, frame.height] : frame.broken);
  }
  expect(sizes).toEqual(Array.from({ length: 6 }, () => [960, 540]));
  const files = readdirSync(DIR, { recursive: true, encoding: "utf8" });
  const bytes = files.reduce((sum, name) => sum + statSync(`${DIR}/${name}`).size, 0);
  expect(bytes).toBeLessThan(800_000);
});
