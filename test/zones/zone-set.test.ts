import { describe, expect, it } from "vitest";
import { rectangle } from "./random-shapes.ts";
import { setOf, zoneOf } from "../gate/scene.ts";
import { farthestM, refusalOf } from "../../src/zones/zone-set.ts";

const zone = zoneOf("a", [rectangle(0, 0, 1, 1)], { standoffM: 25, viewM: 250 });

it("a zone restricts as far as its standoff and its view protection reach", () => {
  expect(farthestM(zone)).toBe(250);
  expect(farthestM({ ...zone, standoffM: 300 })).toBe(300);
});

it("no coverage at all is no index: everywhere is covered", () => {
  expect(setOf([zone]).coverageIndex).toBeNull();
});

describe("a zone set may take the place of the one in force (rule 4)", () => {
  const set = setOf([zone]);
  it("when it is the first, newer, or as old", () => {
    expect(refusalOf(set, null)).toBeNull();
    expect(refusalOf({ ...set, issuedMs: 1 }, set)).toBeNull();
    expect(refusalOf(set, set)).toBeNull();
  });
  it("not when it is older", () => {
    expect(refusalOf({ ...set, issuedMs: -1 }, set)).toContain("older");
  });
  it("not when it has no zone", () => {
    expect(refusalOf(setOf([]), null)).toContain("without any zone");
  });
});
