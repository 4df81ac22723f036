import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { EditChange, EditGeometry, EditProperties } from "../../../../src/web/map/edit/edit-request.ts";
import { editText } from "../../../../src/web/map/edit/edit-text.ts";

const SAMPLE = readFileSync("geofences/mountain-view.geojson", "utf8");
const PROPERTIES: EditProperties = {
  id: "sample/fort-example",
  name: "Fort Example (invented): driven into, dropped",
  category: "military",
  action: null,
  standoffM: null,
  viewM: null,
};

interface File {
  readonly features: readonly {
    readonly properties: Readonly<Record<string, unknown>>;
    readonly geometry: { readonly type: string; readonly coordinates: unknown };
  }[];
}
const parsed = (text: string) => JSON.parse(text) as File;

/** The lines that only one of two texts has. */
function changedLines(before: string, after: string): readonly string[] {
  const [was, is] = [before.split("\n"), after.split("\n")];
  return [
    ...was.filter((line) => !is.includes(line)).map((line) => `- ${line.trim()}`),
    ...is.filter((line) => !was.includes(line)).map((line) => `+ ${line.trim()}`),
  ];
}

const box = (west: number, south: number, east: number, north: number): [number, number][] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const polygon = (...rings: readonly [number, number][][]): EditGeometry => ({
  kind: "polygons",
  polygons: [[...rings]],
});
const change = (more: Partial<Extract<EditChange, { kind: "change" }>>): EditChange => ({
  kind: "change",
  feature: 0,
  properties: null,
  geometry: null,
  ...more,
});

it("an edit of nothing leaves every byte", () => {
  expect(editText(SAMPLE, change({ properties: PROPERTIES }))).toBe(SAMPLE);
});

it("a property changes alone", () => {
  const after = editText(SAMPLE, change({ properties: { ...PROPERTIES, standoffM: 40, viewM: 123.5 } }));
  expect(changedLines(SAMPLE, after)).toEqual([
    '- "category": "military"',
    '+ "category": "military",',
    '+ "standoffM": 40,',
    '+ "viewM": 123.5',
  ]);
});

it("null takes a property out, so that its default holds", () => {
  const more = editText(SAMPLE, change({ properties: { ...PROPERTIES, standoffM: 40 } }));
  expect(editText(more, change({ properties: PROPERTIES }))).toBe(SAMPLE);
});

it("a corner moves alone; the others keep their digits and altitude", () => {
  const text = SAMPLE.replace("[-122.0692, 37.4243]", "[-122.0692000, 37.42430, 12.5]");
  const ring = box(-122.0722, 37.4243, -122.0692, 37.4257);
  ring[2] = [-122.07, 37.426];
  const after = editText(text, change({ geometry: polygon(ring) }));
  expect(changedLines(text, after)).toEqual(["- [-122.0692, 37.4257],", "+ [-122.07, 37.426],"]);
  expect(after).toContain("[-122.0692000, 37.42430, 12.5]");
});

it("a hole is written, and a MultiPolygon stays one", () => {
  const [shell, hole] = [box(1, 1, 2, 2), box(1.4, 1.4, 1.6, 1.6)];
  const holed = parsed(editText(SAMPLE, change({ geometry: polygon(shell, hole) }))).features[0]?.geometry;
  expect(holed).toEqual({ type: "Polygon", coordinates: [shell, hole] });
  const two: EditGeometry = { kind: "polygons", polygons: [[shell], [box(3, 3, 4, 4)]] };
  const multi = editText(SAMPLE, change({ geometry: two }));
  expect(parsed(multi).features[0]?.geometry.type).toBe("MultiPolygon");
  const one = editText(multi, change({ geometry: polygon(shell) }));
  expect(parsed(one).features[0]?.geometry).toEqual({ type: "MultiPolygon", coordinates: [[shell]] });
});

it("a circle is a point with a radius; a polygon in its place has none", () => {
  const circle: EditGeometry = { kind: "circle", centre: [5.123456789, 50], radiusM: 120 };
  const round = parsed(editText(SAMPLE, change({ geometry: circle }))).features[0];
  expect(round).toMatchObject({
    properties: { radiusM: 120 },
    geometry: { type: "Point", coordinates: [5.1234568, 50] },
  });
  const text = editText(SAMPLE, change({ geometry: circle }));
  const back = parsed(editText(text, change({ geometry: polygon(box(1, 1, 2, 2)) }))).features[0];
  expect(back?.properties["radiusM"]).toBeUndefined();
});

it("a feature comes at the end, one goes, and all others stay byte for byte", () => {
  const added = editText(SAMPLE, {
    kind: "add",
    properties: { ...PROPERTIES, id: "new" },
    geometry: polygon(box(1, 1, 2, 2)),
  });
  const { features } = parsed(added);
  expect(features.map(({ properties }) => properties["id"]).at(-1)).toBe("new");
  expect(added.startsWith(SAMPLE.slice(0, SAMPLE.lastIndexOf("}\n  ]")))).toBe(true);
  expect(editText(added, { kind: "remove", feature: features.length - 1 })).toBe(SAMPLE);
  const rest = parsed(editText(SAMPLE, { kind: "remove", feature: 1 })).features;
  expect(rest).toEqual(parsed(SAMPLE).features.filter((_, number) => number !== 1));
});

it("a file on one line stays on one, and Windows' line ends stay", () => {
  const line = JSON.stringify(JSON.parse(SAMPLE));
  const edits: readonly EditChange[] = [
    change({ properties: { ...PROPERTIES, standoffM: 40 }, geometry: polygon(box(1, 1, 2, 2)) }),
    { kind: "add", properties: PROPERTIES, geometry: polygon(box(1, 1, 2, 2)) },
  ];
  for (const edit of edits) {
    expect(editText(line, edit)).not.toContain("\n");
    const windows = editText(SAMPLE.replaceAll("\n", "\r\n"), edit);
    expect(windows.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(parsed(windows)).toEqual(parsed(editText(SAMPLE, edit)));
  }
});

it("the first feature of an empty list", () => {
  const empty = '{\n  "type": "FeatureCollection",\n  "features": []\n}\n';
  const text = editText(empty, { kind: "add", properties: PROPERTIES, geometry: polygon(box(1, 1, 2, 2)) });
  expect(parsed(text).features).toHaveLength(1);
});

it.each([
  ["a feature that is not there", SAMPLE, change({ feature: 99, properties: PROPERTIES })],
  ["removing one that is not there", SAMPLE, { kind: "remove", feature: 99 } as const],
  [
    "a text that is no zone file",
    "[]",
    { kind: "add", properties: PROPERTIES, geometry: polygon(box(1, 1, 2, 2)) } as const,
  ],
])("refuses %s", (_, text, edit) => {
  expect(() => editText(text, edit)).toThrow(/got no features/);
});
