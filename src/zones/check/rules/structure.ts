import { isJsonObject } from "../json-object.ts";
import type { Check, Problem } from "../rule.ts";
import { show } from "../show.ts";

/** What a value must be for the rest to be looked at. */
const PARTS = {
  file: {
    is: (value: unknown) => isTyped(value, "FeatureCollection"),
    expected: 'a GeoJSON FeatureCollection (RFC 7946) with a member "camfence"',
    advice: "put the features into a FeatureCollection",
  },
  feature: {
    is: (value: unknown) => isTyped(value, "Feature"),
    expected: 'type "Feature"',
    advice: "make it a feature, or delete it",
  },
  polygons: {
    is: (value: unknown) => isFilledList(value),
    expected: "a list of polygons, with at least one",
    advice: "draw the area, or delete the feature",
  },
  rings: {
    is: (value: unknown) => isFilledList(value),
    expected: "a list of rings, with at least one",
    advice: "draw the area, or delete the feature",
  },
  ring: { is: Array.isArray, expected: "a ring: a list of positions", advice: "mend the brackets" },
} as const;

export const structure: Check<[value: unknown, part: keyof typeof PARTS]> = {
  id: "structure",
  severity: "error",
  asks: "The file is a FeatureCollection of Features, whose coordinates are nested as in RFC 7946.",
  remedy: "export it again as GeoJSON, or mend the brackets",
  check: (value, part) => (PARTS[part].is(value) ? null : problem(value, part)),
};

function problem(value: unknown, part: keyof typeof PARTS): Problem {
  const { expected, advice } = PARTS[part];
  const isTypeWrong = (part === "file" || part === "feature") && isJsonObject(value);
  if (!isTypeWrong) return { got: show(value), expected, advice };
  return {
    got: `type ${show(value["type"])}`,
    expected,
    advice,
    ...(part === "file" ? { at: ["type"] } : {}),
  };
}

const isTyped = (value: unknown, type: string) => isJsonObject(value) && value["type"] === type;

const isFilledList = (value: unknown) => Array.isArray(value) && value.length > 0;
