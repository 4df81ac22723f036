import { expect, it } from "vitest";
import { selfTest } from "../../../src/cli/run/self-test.ts";
import { FAR_AWAY, zoneSet } from "../../kit/place.ts";

const NOW = Date.UTC(2027, 0, 1);
const good = zoneSet([FAR_AWAY], { issuedMs: NOW - 1000, expiresMs: NOW + 1000 });

it("finds nothing where all is well: the kernels blur as arithmetic says", async () => {
  expect(await selfTest(good, NOW)).toEqual([]);
});

it("finds each thing that is not", async () => {
  expect(await selfTest(zoneSet([]), NOW)).toEqual([expect.stringMatching(/zones: the set has none/)]);
  expect(await selfTest({ ...good, expiresMs: NOW }, NOW)).toEqual([
    expect.stringMatching(/zones: they expired/),
  ]);
  expect(await selfTest({ ...good, issuedMs: NOW + 2 * 86_400_000 }, NOW)).toEqual([
    expect.stringMatching(/clock: .*before the zones were issued/),
  ]);
  for (const nowMs of [0, Number.NaN, Infinity, Date.UTC(2200, 0, 1)]) {
    expect((await selfTest(good, nowMs)).join(), String(nowMs)).toMatch(/clock: it says/);
  }
});
