import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncScheduler } from "rxjs";
import { afterEach, expect, it } from "vitest";
import { mapSave } from "../../../src/cli/map/map-save.ts";
import type { MapSession } from "../../../src/cli/map/map-session.ts";
import { openMapSession } from "../../../src/cli/map/map-session.ts";
import { inspectZones } from "../../../src/zones/check/inspect-zones.ts";
import type { EditAnswer } from "../../../src/web/map/edit/edit-answer.ts";
import type { EditChange, EditProperties, EditRequest } from "../../../src/web/map/edit/edit-request.ts";
import { camfence } from "../../kit/cli.ts";
import { box, feature, zoneText } from "../../kit/zones.ts";

const NOW_MS = Date.UTC(2026, 6, 1);
const nowMs = () => NOW_MS;
const open: MapSession[] = [];
afterEach(() => {
  for (const session of open.splice(0)) session.close();
});

/** A folder with one file of two zones. */
function folderOf(...features: readonly unknown[]): { readonly folder: string; readonly file: string } {
  const folder = mkdtempSync(join(tmpdir(), "camfence-test-"));
  const file = join(folder, "zones.geojson");
  const made = [
    feature({ id: "a", category: "military" }, box(11, 50, 11.01, 50.01)),
    feature({ id: "b", category: "other", action: "blur" }, box(11.1, 50, 11.11, 50.01)),
  ];
  writeFileSync(file, zoneText(features.length > 0 ? features : made));
  return { folder, file };
}

async function opened(paths: readonly string[], saveTo: string | null = null) {
  const session = await openMapSession(
    { paths, saveTo, cameras: [], nowMs, judge: () => Promise.resolve([]) },
    asyncScheduler,
  );
  open.push(session);
  const save = mapSave(session, nowMs);
  const ask = (file: string, change: EditChange, more: Partial<EditRequest> = {}): Promise<EditAnswer> => {
    const hash = session.state().files.find((each) => each.file === file)?.hash ?? "";
    return save({ action: "save", file, hash, change, confirmed: [], ...more });
  };
  return { session, save, ask };
}

const A: EditProperties = {
  id: "a",
  name: null,
  category: "military",
  action: null,
  standoffM: null,
  viewM: null,
};
const change = (properties: Partial<EditProperties>): EditChange => ({
  kind: "change",
  feature: 0,
  properties: { ...A, ...properties },
  geometry: null,
});
const add = (
  id: string,
  [west, south, east, north]: readonly [number, number, number, number],
): EditChange => ({
  kind: "add",
  properties: { ...A, id },
  geometry: {
    kind: "polygons",
    polygons: [
      [
        [
          [west, south],
          [east, south],
          [east, north],
          [west, north],
          [west, south],
        ],
      ],
    ],
  },
});

it("what protects more is written at once, and the rest of the file stays", async () => {
  const { folder, file } = folderOf();
  chmodSync(file, 0o640);
  const before = readFileSync(file, "utf8");
  const { session, ask } = await opened([folder]);
  expect(await ask(file, change({ standoffM: 50 }))).toMatchObject({
    outcome: "saved",
    changes: [expect.stringContaining("standoff 25 m → 50 m")],
  });
  expect(readFileSync(file, "utf8")).toBe(
    before.replace('"category": "military"', '"category": "military",\n    "standoffM": 50'),
  );
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(["zones.geojson"]);
  expect(session.state()).toMatchObject({ revision: 2, areas: [{ standoffM: 50 }, {}] });
  const check = await inspectZones([folder], { nowMs: NOW_MS, earlier: null, allowShift: [] });
  expect(check.outcome).toBe("loaded");
});

it("a preview writes nothing and says the same", async () => {
  const { file } = folderOf();
  const before = readFileSync(file);
  const { ask } = await opened([file]);
  const preview = await ask(file, change({ standoffM: 50 }), { action: "preview" });
  expect(readFileSync(file)).toEqual(before);
  expect(await ask(file, change({ standoffM: 50 }))).toEqual({ ...preview, outcome: "saved" });
  expect(preview.outcome).toBe("allowed");
});

it.each([
  ["less standoff", change({ standoffM: 5 })],
  ["a view range taken away", change({ viewM: 0 })],
  ["drop to blur", change({ action: "blur" })],
  ["removed", { kind: "remove", feature: 0 } as const],
  [
    "another id in its place is an heir; a smaller shape is not",
    { ...change({}), geometry: { kind: "circle", centre: [11.005, 50.005], radiusM: 50 } } as EditChange,
  ],
])("%s is written only when the zone's id was typed", async (_, weaker) => {
  const { file } = folderOf();
  const before = readFileSync(file);
  const { ask } = await opened([file]);
  for (const confirmed of [[], ["b"], ["A"], ["a "]])
    expect(await ask(file, weaker, { confirmed })).toMatchObject({ outcome: "confirm", weaker: ["a"] });
  expect(readFileSync(file)).toEqual(before);
  expect(await ask(file, weaker, { confirmed: ["a"] })).toMatchObject({ outcome: "saved" });
  expect(readFileSync(file)).not.toEqual(before);
});

it.each([
  ["an id that is there already", change({ id: "b" }), "duplicate-id"],
  ["an id with blanks", change({ id: "a b" }), "value"],
  ["a standoff below nothing", change({ standoffM: -1 }), "value"],
  [
    "a ring that crosses itself",
    {
      ...change({}),
      geometry: {
        kind: "polygons",
        polygons: [
          [
            [
              [11, 50],
              [11.1, 50.1],
              [11.1, 50],
              [11, 50.1],
              [11, 50],
            ],
          ],
        ],
      },
    } as EditChange,
    "ring-crosses-itself",
  ],
  [
    "a ring of two corners",
    {
      ...change({}),
      geometry: {
        kind: "polygons",
        polygons: [
          [
            [
              [11, 50],
              [11.1, 50.1],
              [11, 50],
            ],
          ],
        ],
      },
    } as EditChange,
    "ring-short",
  ],
])("%s is refused with the rule of zones check, and nothing is written", async (_, wrong, rule) => {
  const { file } = folderOf();
  const before = readFileSync(file);
  const { ask } = await opened([file]);
  const answer = await ask(file, wrong, { confirmed: ["a"] });
  expect(answer).toMatchObject({ outcome: "refused" });
  expect(answer.outcome === "refused" ? answer.mistakes.map((mistake) => mistake.rule) : []).toContain(rule);
  expect(readFileSync(file)).toEqual(before);
});

it("the whole set is checked: an id of another file is in the way", async () => {
  const { folder, file } = folderOf();
  writeFileSync(
    join(folder, "more.geojson"),
    zoneText([feature({ id: "c", category: "other" }, box(12, 50, 12.1, 50.1))]),
  );
  const { ask } = await opened([folder]);
  const answer = await ask(file, add("c", [11.5, 50, 11.51, 50.01]));
  expect(answer).toMatchObject({ outcome: "refused", mistakes: [{ rule: "conflicting-id" }] });
});

it("a file that changed on the disk since the page drew it is never written over", async () => {
  const { file } = folderOf();
  const { session, ask } = await opened([file]);
  const drawn = session.state().files[0]?.hash ?? "";
  const others = zoneText([
    feature({ id: "a", category: "military", standoffM: 99 }, box(11, 50, 11.01, 50.01)),
  ]);
  writeFileSync(file, others);
  expect(await ask(file, change({ standoffM: 50 }), { hash: drawn })).toMatchObject({
    outcome: "refused",
    why: expect.stringMatching(/changed on the disk/),
  });
  expect(readFileSync(file, "utf8")).toBe(others);
});

it("of two saves at once of one drawing, one is written", async () => {
  const { file } = folderOf();
  const { session, ask } = await opened([file]);
  const { hash = "" } = session.state().files[0] ?? {};
  const answers = await Promise.all([50, 60].map((standoffM) => ask(file, change({ standoffM }), { hash })));
  expect(answers.map(({ outcome }) => outcome)).toEqual(["saved", "refused"]);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    features: [{ properties: { standoffM: 50 } }, {}],
  });
});

it("new zones go to the file of --save-to, made when it is not there, which zones check finds good", async () => {
  const { folder, file } = folderOf();
  const saveTo = join(folder, "drawn.geojson");
  const { session, ask } = await opened([file], saveTo);
  expect(await ask(saveTo, add("new", [11.2, 50, 11.21, 50.01]))).toMatchObject({ outcome: "saved" });
  expect(session.state().areas.map(({ id }) => id)).toEqual(["a", "b", "new"]);
  expect(await ask(saveTo, add("newer", [11.3, 50, 11.31, 50.01]))).toMatchObject({ outcome: "saved" });
  expect((await camfence("zones", "check", folder, "--at", "2026-07-02T00:00:00Z")).stdout).toMatch(
    /^ok: 4 zones/m,
  );
});

it("nothing but the files of the map is written", async () => {
  const { folder, file } = folderOf();
  const other = join(folder, "other.geojson");
  const { ask } = await opened([file], join(folder, "drawn.geojson"));
  for (const name of [
    other,
    "/etc/hosts",
    `${folder}/../x.geojson`,
    "",
    join(folder, "./drawn.geojson/../other.geojson"),
  ])
    expect(await ask(name, add("new", [11.2, 50, 11.21, 50.01])), name).toMatchObject({ outcome: "refused" });
  expect(existsSync(other)).toBe(false);
});

it("a file in a Chinese datum is not written, and says why", async () => {
  const file = join(folderOf().folder, "china.geojson");
  copyFileSync("geofences/china/gcj02-sample.geojson", file);
  const { ask } = await opened([file]);
  const before = readFileSync(file);
  expect(
    await ask(file, { kind: "remove", feature: 0 }, { confirmed: ["sample/lotus-barracks"] }),
  ).toMatchObject({
    outcome: "refused",
    why: expect.stringMatching(/gcj02/),
  });
  expect(readFileSync(file)).toEqual(before);
});

it("a link stays a link", async () => {
  const { folder, file } = folderOf();
  const link = join(folder, "link.json");
  symlinkSync(file, link);
  const { ask } = await opened([link]);
  expect(await ask(link, change({ standoffM: 50 }))).toMatchObject({ outcome: "saved" });
  expect(
    readdirSync(folder, { withFileTypes: true })
      .find(({ name }) => name === "link.json")
      ?.isSymbolicLink(),
  ).toBe(true);
  expect(readFileSync(file, "utf8")).toContain('"standoffM": 50');
});

it("a file with a mistake can be mended on the map, though there was nothing to compare with", async () => {
  const { file } = folderOf(
    feature({ id: "a", category: "military" }, box(11, 50, 11.01, 50.01)),
    feature({ id: "b" }, box(11.1, 50, 11.11, 50.01)),
  );
  const { ask } = await opened([file]);
  expect(await ask(file, { kind: "remove", feature: 1 })).toMatchObject({ outcome: "saved", changes: [] });
});

it("what is no edit is refused", async () => {
  const { file } = folderOf();
  const { save } = await opened([file]);
  for (const body of [null, {}, { action: "save", file, hash: "", change: { kind: "drop" }, confirmed: [] }])
    await expect(save(body)).rejects.toMatchObject({ code: "malformed" });
});
