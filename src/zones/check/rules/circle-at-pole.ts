import type { Check } from "../rule.ts";

const M_PER_DEG_LAT = 110_500;

export const circleAtPole: Check<[latDeg: number, radiusM: number]> = {
  id: "circle-at-pole",
  severity: "error",
  asks: "A circle stays 10 km from the poles.",
  remedy: "draw the area as a polygon",
  check: (latDeg, radiusM) =>
    Math.abs(latDeg) + radiusM / M_PER_DEG_LAT < 89.9
      ? null
      : { got: `a circle at latitude ${latDeg}`, expected: "one that stays 10 km from the poles" },
};
