import { expect, test } from "vitest";
import { seededRandom } from "../../../src/core/random.ts";
import { createDriveClock } from "../../../src/web/replay-report/drive-clock.ts";
import { frameAround } from "../../../src/web/report/map-frame.ts";
import { createTrackLog } from "../../../src/web/replay-report/track.ts";
import { pointAt } from "../../../src/web/replay-report/way-slice.ts";
import { wayOf } from "../../../src/web/replay-report/way.ts";
import { DEG_M } from "./fixtures.ts";

test("the simplified way has the vehicle where it was at every moment, stands included", () => {
  const track = createTrackLog();
  const truth: { atMs: number; northM: number; eastM: number }[] = [];
  let [northM, eastM] = [0, 0];
  for (let atMs = 0; atMs < 600_000; atMs += 100) {
    const stands = atMs % 60_000 < 20_000;
    if (!stands) northM += 1;
    if (!stands) eastM += Math.sin(atMs / 20_000);
    truth.push({ atMs, northM, eastM });
    track.add(atMs, northM / DEG_M, eastM / DEG_M);
  }
  const places = track.places();
  const frame = frameAround(places);
  if (frame === null) throw new Error("no frame");
  const way = wayOf(places, frame);
  expect(way.length).toBeLessThan(places.length / 5);
  for (const { atMs, northM: y, eastM: x } of truth) {
    const shown = pointAt(way, atMs);
    const wanted = frame.pointAt(y / DEG_M, x / DEG_M, 0);
    // Within two metres: one of thinning, half of simplification, and what the curve between adds.
    expect(Math.hypot((shown?.x ?? Infinity) - wanted.x, (shown?.y ?? 0) - wanted.y)).toBeLessThan(20);
  }
});

test("a track of any length is kept in bounded memory, also where the place is lost all the time", () => {
  const random = seededRandom(7);
  for (const loses of [false, true]) {
    const track = createTrackLog();
    for (let i = 0; i < 200_000; i++) {
      track.add(2 * i, (i * 5 * (1 + random())) / DEG_M / 20, 0);
      if (loses) track.lose("unknown");
    }
    expect(track.places().length).toBeLessThanOrEqual(16_384);
    expect(track.places().length).toBeGreaterThan(4000);
  }
});

test("driven time runs on through a long silence and a clock that was set back", () => {
  let begun = 0;
  const clock = createDriveClock(() => begun++);
  const at = [0, 1000, 31_000, 5_000_000, 5_001_000, 100, 2100].map((timeMs) => clock.at(timeMs));
  expect(at).toEqual([0, 1000, 31_000, 51_000, 52_000, 72_000, 74_000]);
  expect(begun).toBe(3);
  expect(clock.legs.map(({ startMs }) => startMs)).toEqual([0, 5_000_000, 100]);
});
