import { expect, test } from "vitest";
import { spreadM } from "../../src/sources/spread.ts";

const at = (latDeg: number, lonDeg: number) => ({ latDeg, lonDeg });

test.each([
  ["north", at(48, 11), at(48.00001, 11), 1.117],
  ["east on the equator", at(0, 11), at(0, 11.00001), 1.117],
  ["east at 60 degrees", at(60, 11), at(60, 11.00001), 0.5585],
  ["over the antimeridian", at(0, 179.999995), at(0, -179.999995), 1.117],
  ["nowhere", at(48, 11), at(48, 11), 0],
  ["from nothing", undefined, at(48, 11), 0],
  ["to nothing", at(48, 11), undefined, 0],
])("the distance %s", (_, a, b, expected) => {
  expect(spreadM(a, b)).toBeCloseTo(expected, 4);
});
