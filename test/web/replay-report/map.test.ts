import { describe, expect, test } from "vitest";
import { frameAround, pathOf } from "../../../src/web/report/map-frame.ts";
import { MAX_ZONES_DRAWN } from "../../../src/web/report/near-zones.ts";
import {
  DEG_M,
  LAT,
  LON,
  UNKNOWN,
  dropIn,
  occurrences,
  outcomeAt,
  pageOf,
  seconds,
  square,
  zoneAt,
} from "./fixtures.ts";

const drawnZones = (page: string) => page.match(/<use href="#z\d+" \/>/g)?.length ?? 0;
const linesOf = (page: string, name: string) =>
  [...page.matchAll(new RegExp(`<path class="${name}"[^>]* d="([^"]*)"`, "g"))].map(([, d]) => d);

describe("zones", () => {
  test("far from the track are not in the file at all", async () => {
    const page = await pageOf(seconds(20), [zoneAt("near", 700), zoneAt("far-away", 1500)]);
    expect(page).toContain("near: military, drop, standoff 25 m, view 250 m");
    expect(page).not.toContain("far-away");
    expect(page).toContain("1 zone drawn");
  });

  test("beside the middle of a long straight way are drawn", async () => {
    const places = [outcomeAt(0), outcomeAt(50, { latDeg: LAT + 20_000 / DEG_M })];
    const shapes = [square(LAT + 10_000 / DEG_M, LON, 50)];
    expect(drawnZones(await pageOf(places, [zoneAt("middle", 0, { shapes })]))).toBe(1);
  });

  test("by the thousand do not blow up the file, and those that restricted a frame are drawn first", async () => {
    const zones = Array.from({ length: 5000 }, (_, i) => zoneAt(`zone-${i}`, (i % 100) * 4));
    const page = await pageOf(
      seconds(20, () => dropIn("zone-4999")),
      zones,
    );
    expect(drawnZones(page)).toBe(MAX_ZONES_DRAWN);
    expect(page).toContain("zone-4999: military");
    expect(page).toContain("without 4,600 more");
    expect(page.length).toBeLessThan(600_000);
  });

  test("keep their holes and all their parts, and circles are circles", async () => {
    const [shell] = square(LAT, LON + 0.002, 60).rings;
    const [hole] = square(LAT, LON + 0.002, 20).rings;
    const circle = { kind: "circle", latDeg: LAT, lonDeg: LON + 0.004, radiusM: 40 } as const;
    if (shell === undefined || hole === undefined) throw new Error("no ring");
    const polygon = { kind: "polygon", rings: [shell, hole] } as const;
    const page = await pageOf(seconds(20), [zoneAt("a", 0, { shapes: [polygon, circle] })]);
    const [, parts = ""] = /<g id="z0">(.*?)<\/g>/.exec(page) ?? [];
    expect(parts).toMatch(/^<path d="M[^"]*zM[^"]*z" \/><circle cx="-?\d+" cy="-?\d+" r="400" \/>$/);
  });

  test("show their standoff and view range to scale", async () => {
    const page = await pageOf(seconds(20), [zoneAt("a", 100, { standoffM: 30, viewM: 120 })]);
    // A stroke is half inside: twice the distance, in decimetres.
    expect(page).toContain('<use href="#z0" class="military" stroke-width="600" />');
    expect(page).toContain('<use href="#z0" class="military" stroke-width="2400" />');
  });
});

describe("the track", () => {
  test("is to scale, north up", async () => {
    const page = await pageOf(seconds(101), []);
    const [line = ""] = linesOf(page, "casing");
    const [, dy] = /^M\d+ \d+l0(-\d+)/.exec(line) ?? [];
    expect(Math.abs(Number(dy) + 10_000)).toBeLessThan(50);
  });

  test("is dotted where the place was unknown, and no frame's line bridges the gap", async () => {
    const page = await pageOf(
      seconds(60, (second) => (second >= 20 && second < 40 ? UNKNOWN : {})),
      [],
    );
    expect(linesOf(page, "unknown")).toHaveLength(1 + 1 /* the key */);
    expect(page).toContain("Place unknown for 21.0 s");
    expect(linesOf(page, "drop").filter((d) => d?.startsWith("M2 7") === false)).toEqual([]);
  });

  test("is not drawn over a silence", async () => {
    const page = await pageOf(
      [
        ...seconds(10),
        ...seconds(10).map(({ record }) =>
          outcomeAt(record.timeMs / 1e9, {
            ...record,
            timeMs: record.timeMs + 7_200_000,
            lonDeg: LON + 0.01,
          }),
        ),
      ],
      [],
    );
    expect(linesOf(page, "unknown")).toHaveLength(1 /* the key */);
    expect(occurrences(linesOf(page, "casing").join(""), "M")).toBe(2);
  });

  test("over the antimeridian is one way on a small map", () => {
    const frame = frameAround([
      { latDeg: 0, lonDeg: 179.999 },
      { latDeg: 0, lonDeg: -179.999 },
    ]);
    expect(frame?.width).toBeLessThan(10_000);
    const xs = [179.999, -179.999].map(
      (lonDeg) => frame?.pointAt(0, lonDeg, frame.turnOf(lonDeg)).x ?? Number.NaN,
    );
    expect((xs[1] ?? 0) - (xs[0] ?? 0)).toBeCloseTo(0.002 * 1_113_195, 0);
  });
});

test("path data are short and exact", () => {
  expect(
    pathOf(
      [
        { x: 1.2, y: 2 },
        { x: 5, y: -1 },
        { x: 4, y: 0 },
      ],
      true,
    ),
  ).toBe("M1 2l4-3-1 1z");
  expect(pathOf([{ x: 7, y: 7 }], false)).toBe("M7 7l0 0");
});
