import { getTimes } from "suncalc";
import { describe, expect, it } from "vitest";
import { isActive } from "../../../src/zones/schedule.ts";
import { contentOf, load, sharedData } from "../fixtures.ts";
import { converted, convertFile, featuresOf, problems } from "./kit.ts";

const examples = sharedData("zones/ed318-examples");
const none = { datum: null, category: null } as const;

describe.skipIf(examples === null)("the examples of ED-318 (skipped where ../shared/data is absent)", () => {
  it.each([
    ["Example_Collection", ["t/FRA/NFZ6547", "t/FRA/ABC1234"]],
    ["Example_GeoZone_2_Layers", ["t/FRA/NFZ6547"]],
    ["Example_GeoZone_Circle", ["t/FRA/ABC1234"]],
    ["Example_GeoZone_with_extension", ["t/FRA/ABC1234"]],
    ["PartialExample_featureGeoJSON", ["t/FRA/NFZ6547"]],
  ])("%s becomes zones", async (name, ids) => {
    const result = await convertFile(`${examples}/${name}.json`, none);
    const features = featuresOf(result);
    expect(features.map(({ properties }) => properties["id"])).toEqual(ids);
    expect(contentOf(await load(result.text)).zones).toHaveLength(ids.length);
  });

  it("a circle keeps its radius; layers are joined whatever their height; times are those of UTC", async () => {
    const [layers, circle] = featuresOf(await convertFile(`${examples}/Example_Collection.json`, none));
    expect(circle).toMatchObject({
      properties: { radiusM: 3500, name: "Fictitious circle" },
      geometry: { type: "Point" },
    });
    expect([layers?.geometry.coordinates].flat(1)).toHaveLength(2);
    expect(layers?.properties).toMatchObject({
      validFrom: "2018-12-31T15:59:59Z",
      validUntil: "2019-12-31T16:00:00.000Z",
      schedule: {
        timeZone: "UTC",
        windows: [
          { from: "16:00", to: "17:00" },
          { days: ["sun"], from: "10:00", to: "12:00" },
        ],
      },
    });
  });

  it("the invalid one is refused with each of its mistakes", async () => {
    const result = await convertFile(`${examples}/InvalidExample_GeoZone_2_Layers.json`, none);
    expect(problems(result).map((text) => text.split(":")[0])).toEqual([
      "5 value metadata.validFrom",
      "86 value features[0].properties.name[0].lang",
      "89 value features[0].properties.type",
    ]);
  });

  it.each(["GeoZoneProperties", "TimePeriod", "ZoneAuthority"])(
    "PartialExample_%s has no zone, and is refused",
    async (name) => {
      expect((await convertFile(`${examples}/PartialExample_${name}.json`, none)).outcome).toBe("refused");
    },
  );
});

const POLYGON = [
  [
    [11.5, 48.1],
    [11.51, 48.1],
    [11.51, 48.11],
    [11.5, 48.11],
    [11.5, 48.1],
  ],
];
const authority = [{ name: [{ text: "A", lang: "en" }], purpose: "INFORMATION" }];
const ed318 = (properties: object, geometry: unknown = { type: "Polygon", coordinates: POLYGON }) =>
  JSON.stringify({
    type: "FeatureCollection",
    features: [
      {
        type: "Feature",
        geometry,
        properties: {
          identifier: "X1",
          country: "DEU",
          type: "PROHIBITED",
          variant: "COMMON",
          zoneAuthority: authority,
          ...properties,
        },
      },
    ],
  });
const limited = (...schedule: object[]) => ({ limitedApplicability: [{ schedule }] });

async function zoneOf(text: string) {
  const result = await converted("a.json", text, none);
  return { zone: contentOf(await load(result.text)).zones[0] ?? null, result };
}

describe("daylight", () => {
  const EVENTS = { BMCT: "dawn", SR: "sunrise", SS: "sunset", EECT: "dusk" } as const;

  it.each([
    ["SR", "SS", 48.1, 11.5],
    ["BMCT", "EECT", 48.1, 11.5],
    ["SS", "SR", 48.1, 11.5],
    ["SR", "SS", 31.2, 121.4],
    ["SS", "SR", 37.4, -122.1],
  ] as const)(
    "from %s to %s at %d, %d: restricts whenever the sun says so, all year",
    async (from, to, lat, lon) => {
      const geometry = { type: "Point", coordinates: [lon, lat], extent: { subType: "Circle", radius: 500 } };
      const { zone, result } = await zoneOf(
        ed318(limited({ day: ["ANY"], startEvent: from, endEvent: to }), geometry),
      );
      expect(problems(result).join()).toMatch(/source-widened/);
      if (zone === null) throw new Error("no zone");
      let open = 0;
      for (let day = 0; day < 365; day++) {
        const noonMs = Date.UTC(2026, 0, 1 + day, 12) - (lon / 15) * 3_600_000;
        const startMs = getTimes(new Date(noonMs), lat, lon)[EVENTS[from]]?.getTime() ?? Number.NaN;
        const nextNoonMs = noonMs + (from === "SS" ? 86_400_000 : 0);
        const endMs = getTimes(new Date(nextNoonMs), lat, lon)[EVENTS[to]]?.getTime() ?? Number.NaN;
        expect(endMs).toBeGreaterThan(startMs);
        for (const atMs of [startMs, (startMs + endMs) / 2, endMs])
          expect(isActive(zone, atMs, 0)).toBe(true);
        if (!isActive(zone, startMs + (endMs - startMs) / 2 + 43_200_000, 0)) open += 1;
      }
      expect(open).toBeGreaterThan(300);
    },
  );

  it("beyond the polar circle, where some day has no event: always", async () => {
    const geometry = { type: "Point", coordinates: [25, 70], extent: { subType: "Circle", radius: 500 } };
    const { zone } = await zoneOf(
      ed318(limited({ day: ["ANY"], startEvent: "SR", endEvent: "SS" }), geometry),
    );
    expect(zone?.schedule).toBeNull();
  });

  it("beyond the polar circle, from a sunrise that some days do not have: always, too", async () => {
    const geometry = { type: "Point", coordinates: [25, 70], extent: { subType: "Circle", radius: 500 } };
    const { zone } = await zoneOf(
      ed318(limited({ day: ["ANY"], startEvent: "SR", endTime: "12:00Z" }), geometry),
    );
    expect(zone?.schedule).toBeNull();
  });

  it("on named days: on that day of the place, and of UTC", async () => {
    const geometry = {
      type: "Point",
      coordinates: [121.4, 31.2],
      extent: { subType: "Circle", radius: 500 },
    };
    const { zone } = await zoneOf(
      ed318(limited({ day: ["MON"], startEvent: "SR", endEvent: "SS" }), geometry),
    );
    // In Shanghai the sun rises on the evening before, in UTC.
    expect(zone?.schedule?.windows[0]?.days).toEqual([0, 1]);
  });
});

describe("limited applicability", () => {
  it("several periods are several zones, so that none is wider or narrower than it was", async () => {
    const limitedApplicability = [
      { startDateTime: "2026-01-01T00:00:00Z", endDateTime: "2026-02-01T00:00:00Z" },
      { startDateTime: "2026-07-01T00:00:00Z" },
    ];
    const features = featuresOf(await converted("a.json", ed318({ limitedApplicability }), none));
    expect(features.map(({ properties }) => [properties["id"], properties["validUntil"]])).toEqual([
      ["t/DEU/X1#p1", "2026-02-01T00:00:01.000Z"],
      ["t/DEU/X1#p2", undefined],
    ]);
  });

  it.each([
    ["16:00:00+02:00", "17:30:30+02:00", [{ from: "14:00", to: "15:31" }]],
    ["23:00Z", "01:00Z", [{ from: "23:00", to: "01:00" }]],
    ["00:00:00.00Z", "24:00Z", null],
    ["08:00Z", "08:00Z", null],
  ])("from %s to %s", async (startTime, endTime, windows) => {
    const [zone] = featuresOf(
      await converted("a.json", ed318(limited({ day: ["ANY"], startTime, endTime })), none),
    );
    expect(zone?.properties["schedule"]).toEqual(windows ? { timeZone: "UTC", windows } : undefined);
  });

  it("a day that begins before midnight UTC restricts both days that it may mean", async () => {
    const period = { day: ["MON"], startTime: "01:00+08:00", endTime: "05:00+08:00" };
    const [zone] = featuresOf(await converted("a.json", ed318(limited(period)), none));
    expect(zone?.properties["schedule"]).toMatchObject({
      windows: [{ days: ["sun", "mon"], from: "17:00", to: "21:00" }],
    });
  });
});

describe("what ED-318 does not have is refused, not left out", () => {
  it.each([
    ["an unknown member", { colour: "red" }, undefined, /unknown-property features\[0\].properties.colour/],
    ["an unknown reason", { reason: ["MILITARY"] }, undefined, /value features\[0\].properties.reason\[0\]/],
    ["an unknown event", limited({ day: ["ANY"], startEvent: "NOON" }), undefined, /value .*startEvent/],
    ["a time without a zone", limited({ day: ["ANY"], startTime: "10:00" }), undefined, /value .*startTime/],
    [
      "a place without an extent",
      {},
      { type: "Point", coordinates: [11, 48] },
      /geometry-type features\[0\].geometry/,
    ],
    [
      "an ellipse",
      {},
      { type: "Point", coordinates: [11, 48], extent: { subType: "Ellipse", radius: 5 } },
      /geometry-type/,
    ],
    ["a line", {}, { type: "LineString", coordinates: POLYGON[0] }, /geometry-type/],
  ])("%s", async (_name, properties, geometry, expected) => {
    const result = await converted("a.json", ed318(properties, geometry), none);
    expect(result.outcome).toBe("refused");
    expect(problems(result).join()).toMatch(expected);
  });

  it("reasons give a category: what is sensitive is guarded as government", async () => {
    const [zone] = featuresOf(await converted("a.json", ed318({ reason: ["NATURE", "SENSITIVE"] }), none));
    expect(zone?.properties["category"]).toBe("government");
  });
});

const ed269 = (zone: object, list = "features") =>
  JSON.stringify({
    [list]: [
      {
        identifier: "LSXX",
        country: "CHE",
        name: "City",
        type: "COMMON",
        restriction: "REQ_AUTHORISATION",
        reason: ["AIR_TRAFFIC"],
        applicability: [
          {
            permanent: "YES",
            startDateTime: null,
            endDateTime: null,
            dailyPeriod: [{ day: [], startTime: null, endTime: null }],
          },
        ],
        zoneAuthority: [{ name: "A" }],
        geometry: [
          volume({ type: "Polygon", coordinates: POLYGON }),
          volume({ type: "Circle", center: [11.5, 48.1], radius: 800 }),
        ],
        ...zone,
      },
    ],
  });
const LIMITS = { uomDimensions: "M", lowerLimit: 0, lowerVerticalReference: "AGL", upperLimit: null };
const volume = (horizontalProjection: object) => ({ ...LIMITS, horizontalProjection });

describe("ED-269", () => {
  it.each(["features", "UASZoneList"])("zones with polygons and circles, as %s", async (list) => {
    const features = featuresOf(await converted("a.json", ed269({}, list), none));
    expect(
      features.map(({ properties, geometry }) => [properties["id"], properties["radiusM"], geometry.type]),
    ).toEqual([
      ["t/CHE/LSXX#1", undefined, "MultiPolygon"],
      ["t/CHE/LSXX#2", 800, "Point"],
    ]);
  });

  it("periods and daily times", async () => {
    const daily = [{ day: ["MON", "FRI"], startTime: "08:00:00.00Z", endTime: "17:00Z" }];
    const applicability = [
      {
        permanent: "NO",
        startDateTime: "2026-03-01T00:00:00Z",
        endDateTime: "2026-09-01T00:00:00Z",
        schedule: daily,
      },
    ];
    const [zone] = featuresOf(await converted("a.json", ed269({ applicability }), none));
    expect(zone?.properties).toMatchObject({
      validFrom: "2026-03-01T00:00:00Z",
      validUntil: "2026-09-01T00:00:01.000Z",
      schedule: { timeZone: "UTC", windows: [{ days: ["mon", "fri"], from: "08:00", to: "17:00" }] },
    });
  });

  it.each([
    ["an unknown member", { mood: 1 }, /unknown-property features\[0\].mood/],
    [
      "another projection",
      { geometry: [volume({ type: "Ellipse", center: [1, 2] })] },
      /features\[0\].geometry\[0\].horizontalProjection/,
    ],
    ["no geometry", { geometry: [] }, /features\[0\].geometry/],
  ])("%s is refused", async (_name, zone, expected) => {
    const result = await converted("a.json", ed269(zone), none);
    expect(result.outcome).toBe("refused");
    expect(problems(result).join()).toMatch(expected);
  });
});
