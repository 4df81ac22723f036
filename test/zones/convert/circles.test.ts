import { describe, expect, it } from "vitest";
import { converted, featuresOf, problems } from "./kit.ts";

describe("CSV of circles", () => {
  it.each([
    ["commas", "id,name,lat,lon,radius_m\na1,Fort,48.1,11.5,200\n"],
    [
      "semicolons, other names, a byte order mark",
      "\ufeffID;Name;Latitude;LNG;radiusM\r\na1;Fort;48.1;11.5;200\r\n",
    ],
    ["quotes and a line break in a field", 'id,name,lat,lon,radius_m\na1,"Fort",48.1,11.5,"200"\n'],
  ])("%s", async (_name, text) => {
    expect(featuresOf(await converted("a.csv", text))[0]).toMatchObject({
      properties: { id: "t/a1", radiusM: 200, category: "military" },
      geometry: { type: "Point", coordinates: [11.5, 48.1] },
    });
  });

  it.each([
    [
      "a decimal comma",
      'id,lat,lon,radius_m\na,48.1,11.5,1\nb,"48,1",11.5,2\n',
      /3 source-incomplete row 2: lat "48,1"/,
    ],
    ["an empty field", "id,lat,lon,radius_m\na,,11.5,200\n", /2 source-incomplete row 1: lat ""/],
    ["a radius of nothing", "id,lat,lon,radius_m\na,48.1,11.5,0\n", /2 value row 1/],
    [
      "a radius that does not say its unit",
      "id,lat,lon,radius\na,48.1,11.5,2\n",
      /1 source-format : the columns id, lat, lon, radius/,
    ],
    ["a row too short", "id,lat,lon,radius_m\na,48.1\n", /2 source-format/],
    ["no row", "id,lat,lon,radius_m\n", /source-format/],
    ["swapped columns", "id,lat,lon,radius_m\na,121.4,31.1,20\n", /2 position row 1/],
  ])("%s is refused with its line", async (_name, text, expected) => {
    const result = await converted("a.csv", text);
    expect(result.outcome).toBe("refused");
    expect(problems(result).join("\n")).toMatch(expected);
  });

  it("takes other names of columns from a rule file", async () => {
    const rules = { version: 1 as const, rules: [], csv: { radiusM: "radius" } };
    expect(
      featuresOf(await converted("a.csv", "id,lat,lon,radius\na,48.1,11.5,2\n", { rules })),
    ).toHaveLength(1);
  });
});
