import { expect, test } from "vitest";
import { createReport } from "../../../src/web/replay-report/report.ts";
import { blurIn, dropIn, outcomeAt, summaryOf, zoneAt, zoneSetOf } from "./fixtures.ts";

const CAMERAS = Array.from({ length: 8 }, (_, i) => ({ id: `camera${i}` }));
const HOUR_S = 3600;
const FPS = 10;

test("an hour of eight cameras whose verdicts change with every frame stays under a megabyte and a half", async () => {
  const zones = Array.from({ length: 3000 }, (_, i) => zoneAt(`zone-with-a-long-name/${i}`, i % 400));
  const report = createReport({ zones: zoneSetOf(zones), cameras: CAMERAS });
  for (let i = 0; i < HOUR_S * FPS; i++) {
    const zone = `zone-with-a-long-name/${i % 3000}`;
    for (const { id } of CAMERAS) {
      const verdict = [{}, blurIn(zone), dropIn(zone)][i % 3];
      report.add(outcomeAt(i / FPS, { camera: id, lonDeg: 20 + Math.sin(i / 500) / 100, ...verdict }));
    }
  }
  const page = await report.html(summaryOf([]));
  expect(page.length).toBeLessThan(1_500_000);
  expect(page.length).toBeGreaterThan(100_000);
});
