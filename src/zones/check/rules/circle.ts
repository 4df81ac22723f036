import type { Check } from "../rule.ts";

export const circle: Check<[radiusM: number | undefined, isPoint: boolean]> = {
  id: "circle",
  severity: "error",
  asks: "A Point has a radius, and nothing else has one.",
  remedy: "add radiusM to a Point; use standoffM to keep a distance from a polygon",
  check(radiusM, isPoint) {
    if ((radiusM !== undefined) === isPoint) return null;
    return { at: ["properties", "radiusM"], ...(isPoint ? WITHOUT : WITH) };
  },
};

const WITHOUT = {
  got: "a Point without radiusM",
  expected: "metres, from 1 to 100000",
  advice: "add radiusM, or draw the area as a polygon",
};
const WITH = {
  got: "a polygon with radiusM",
  expected: "radiusM with a Point only",
  advice: "use standoffM to keep a distance from a polygon",
};
