import { array, assert, constantFrom, integer, property } from "fast-check";
import { expect, test } from "vitest";
import type { Action } from "../../../src/gate/verdict.ts";
import { createRunLog } from "../../../src/web/replay-report/runs.ts";
import { visitsOf } from "../../../src/web/replay-report/visits.ts";
import { momentsOf } from "../../../src/web/replay-report/moments.ts";
import { blurIn, dropIn, outcomeAt, pageOf, seconds } from "./fixtures.ts";

function logOf(outcomes: readonly ReturnType<typeof outcomeAt>[], camera = "front") {
  const log = createRunLog(camera);
  for (const { record } of outcomes) log.add(record.timeMs, record);
  return log;
}

function changing(second: number) {
  return second < 3 ? {} : second < 6 ? dropIn("a") : second < 8 ? dropIn("b") : {};
}

test("consecutive frames with the same action, reason and zones are one run", () => {
  const runs = logOf(seconds(10, changing)).runs(100);
  expect(runs.map(({ action, zones, passed, dropped }) => [action, zones.join(), passed, dropped])).toEqual([
    ["pass", "", 3, 0],
    ["drop", "a", 0, 3],
    ["drop", "b", 0, 2],
    ["pass", "", 2, 0],
  ]);
});

test("a frame stands until the next one, but not through a silence", () => {
  const outcomes = [...seconds(3), outcomeAt(3, dropIn("a")), outcomeAt(100, dropIn("a"))];
  const spans = logOf(outcomes).runs(100);
  expect(spans.map(({ atMs, untilMs }) => untilMs - atMs)).toEqual([3000, 0, 0]);
});

test("a page has one bar for a run", async () => {
  const page = await pageOf(seconds(600, (second) => (second >= 100 && second < 200 ? dropIn("fort") : {})));
  expect(page.match(/<rect class="[a-z ]+" data-run/g)).toHaveLength(3);
});

test("of runs too short to show the worst is shown and every frame is counted", () => {
  const actions = array(constantFrom<Action>("pass", "blur", "drop"), { minLength: 1, maxLength: 300 });
  assert(
    property(actions, integer({ min: 1, max: 40 }), (list, limit) => {
      const outcomes = list.map((action, second) =>
        outcomeAt(second, action === "pass" ? {} : action === "blur" ? blurIn("a") : dropIn("a")),
      );
      const runs = logOf(outcomes).runs(limit);
      const sum = (key: "passed" | "blurred" | "dropped") => runs.reduce((n, run) => n + run[key], 0);
      expect(runs.length).toBeLessThanOrEqual(limit);
      expect([sum("passed"), sum("blurred"), sum("dropped")]).toEqual(
        ["pass", "blur", "drop"].map((action) => list.filter((each) => each === action).length),
      );
      for (const run of runs)
        expect(run.action).toBe(run.dropped > 0 ? "drop" : run.blurred > 0 ? "blur" : "pass");
    }),
  );
});

test("a log of any length keeps a bounded number of runs and loses no frame", () => {
  const log = logOf(seconds(50_000, (second) => (second % 2 === 0 ? {} : dropIn("a"))));
  const runs = log.runs(1e6);
  expect(runs.length).toBeLessThanOrEqual(4096);
  expect(runs.reduce((n, { passed, dropped }) => n + passed + dropped, 0)).toBe(50_000);
});

test("the worst of all cameras is what the track shows", () => {
  const front = logOf(seconds(10, (second) => (second >= 5 ? blurIn("a") : {}))).runs(100);
  const rear = logOf(
    seconds(10, (second) => (second >= 3 && second < 7 ? dropIn("a") : {})),
    "rear",
  ).runs(100);
  const shown = momentsOf([front, rear], 100).map(({ action, atMs, runs }) => [
    action,
    atMs % 60_000,
    runs.length,
  ]);
  expect(shown).toEqual([
    ["pass", 0, 2],
    ["drop", 3000, 2],
    ["drop", 5000, 2],
    ["blur", 7000, 2],
  ]);
});

test("a visit lasts as long as a zone restricts any camera", () => {
  const front = logOf(seconds(90, (second) => (second >= 20 && second < 40 ? dropIn("fort") : {}))).runs(100);
  const rear = logOf(
    seconds(90, (second) => ((second >= 35 && second < 60) || second > 80 ? blurIn("fort") : {})),
    "rear",
  ).runs(100);
  expect(
    visitsOf([front, rear]).map(({ zone, untilMs, atMs, dropped, blurred, cameras }) => [
      zone,
      (untilMs - atMs) / 1000,
      dropped,
      blurred,
      cameras.join(),
    ]),
  ).toEqual([
    ["fort", 40, 20, 25, "front,rear"],
    ["fort", 8, 0, 9, "rear"],
  ]);
});
