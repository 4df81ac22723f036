import { expect, it } from "vitest";
import type { TrackVerdict } from "../../../src/web/map/drive-track.ts";
import { createDriveTrack } from "../../../src/web/map/drive-track.ts";

const CLEAR = { action: "pass", reason: "clear", zones: [] } as const;
const INSIDE = { action: "drop", reason: "inside", zones: ["a"] } as const;
const BLURRED = { action: "blur", reason: "in-view", zones: ["b"] } as const;

/** 11 m a second northwards. */
const at = (second: number, verdict: Pick<TrackVerdict, "action" | "reason" | "zones">): TrackVerdict => ({
  timeMs: second * 1000,
  latDeg: second * 1e-4,
  lonDeg: 7,
  ...verdict,
});

function track(...verdicts: readonly TrackVerdict[]) {
  const built = createDriveTrack();
  for (const verdict of verdicts) built.add(verdict);
  return built;
}

it("a piece ends where the verdict changes, and the next begins there", () => {
  const { pieces } = track(at(0, CLEAR), at(1, CLEAR), at(2, INSIDE), at(3, INSIDE)).built("d");
  expect(pieces.map(({ action, line }) => [action, line.map(([, lat]) => Math.round(lat * 1e4))])).toEqual([
    ["pass", [0, 1, 2]],
    ["drop", [2, 3]],
  ]);
});

it("of the cameras' verdicts at one moment the worst gives the colour, and all frames are counted", () => {
  const built = track(at(0, CLEAR), at(0, BLURRED), at(1, INSIDE), at(1, CLEAR)).built("d");
  expect(built.pieces.map(({ action }) => action)).toEqual(["blur", "drop"]);
  expect(built.frames).toEqual({ pass: 2, blur: 1, drop: 1 });
});

it("no line is drawn over a time without a place", () => {
  const { pieces } = track(at(0, CLEAR), { ...at(1, INSIDE), latDeg: null }, at(60, CLEAR)).built("d");
  expect(pieces.map(({ line }) => line.length)).toEqual([1, 1]);
});

it("what was taken back is drawn as dropped", () => {
  const built = track(at(0, CLEAR), at(1, CLEAR), at(2, CLEAR), at(3, CLEAR));
  built.revoke(0, 2000);
  expect(built.built("d").pieces.map(({ action, fromMs }) => [action, fromMs])).toEqual([
    ["pass", 0],
    ["drop", 1000],
    ["pass", 3000],
  ]);
});

it("a vehicle that stands adds no places", () => {
  const standing = Array.from({ length: 50 }, (_, i) => ({ ...at(0, CLEAR), timeMs: i * 100 }));
  expect(track(...standing).built("d").pieces).toMatchObject([{ line: [[7, 0]], untilMs: 4900 }]);
});
