import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Shape, Zone, ZoneSetContent } from "../../src/zones/zone.ts";
import { DEFAULT_STANDOFF_M, DEFAULT_VIEW_M } from "../../src/zones/zone-file.ts";
import { feature, load, zoneFile, type Json } from "./fixtures.ts";

const runs = { numRuns: process.env["SLOW"] ? 5000 : 400 };

const rich = zoneFile([
  feature({
    action: "drop",
    standoffM: 30,
    viewM: 300,
    name: "rich",
    "x-note": "free",
  }),
  feature(
    { id: "hole" },
    {
      type: "MultiPolygon",
      coordinates: [
        [
          [
            [20, 50],
            [21, 50],
            [21, 51],
            [20, 51],
            [20, 50],
          ],
          [
            [20.2, 50.2],
            [20.4, 50.2],
            [20.4, 50.4],
            [20.2, 50.2],
          ],
        ],
      ],
    },
  ),
  feature({ id: "circle", radiusM: 100, category: "other" }, { type: "Point", coordinates: [30, 50] }),
]);

type Path = readonly (string | number)[];

/** Every place of the file, members that begin with `x-` and names for people aside. */
function pathsIn(value: unknown): readonly Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const step = Array.isArray(value) ? Number(name) : name;
    return name.startsWith("x-") || name === "name" || name === "issuer"
      ? []
      : [[step], ...pathsIn(item).map((path) => [step, ...path])];
  });
}

type Mutation = (holder: Json, step: string | number) => void;

const mutations: Readonly<Record<string, Mutation>> = {
  delete: (holder, step) => (Array.isArray(holder) ? holder.splice(Number(step), 1) : delete holder[step]),
  null: (holder, step) => (holder[step] = null),
  text: (holder, step) => (holder[step] = JSON.stringify(holder[step])),
  infinity: (holder, step) => (holder[step] = Infinity),
  negative: (holder, step) => (holder[step] = -1),
  list: (holder, step) => (holder[step] = [holder[step]]),
  object: (holder, step) => (holder[step] = {}),
  rename: (holder, step) => {
    if (Array.isArray(holder)) return;
    holder[`${step}s`] = holder[step];
    delete holder[step];
  },
  twice: (holder, step) => {
    if (Array.isArray(holder)) holder.splice(Number(step), 0, holder[Number(step)]);
  },
};

/** JSON has no Infinity; 1e999 reads as one. */
const textOf = (value: unknown) =>
  JSON.stringify(value, (_key, item: unknown) => (item === Infinity ? "1e999!" : item)).replaceAll(
    '"1e999!"',
    "1e999",
  );

/** No zone lost, moved, shrunk or milder. A coordinate that moved is no mistake that a check can know. */
function isAtLeastAsStrict(after: ZoneSetContent, before: ZoneSetContent): boolean {
  return before.zones.every((zone) => {
    const other = after.zones.find(({ id }) => id === zone.id);
    return other !== undefined && isNotWeaker(other, zone);
  });
}

function isNotWeaker(after: Zone, before: Zone): boolean {
  return (
    (after.action === "drop" || before.action === "blur") &&
    after.category === before.category &&
    after.standoffM >= Math.min(before.standoffM, DEFAULT_STANDOFF_M) &&
    after.viewM >= Math.min(before.viewM, DEFAULT_VIEW_M[before.category]) &&
    after.cameras === null &&
    after.schedule === null &&
    verticesOf(after.shapes) >= verticesOf(before.shapes) - 1
  );
}

const verticesOf = (shapes: readonly Shape[]) =>
  shapes.reduce(
    (sum, shape) => sum + (shape.kind === "circle" ? 1 : shape.rings.flatMap((ring) => [...ring]).length / 2),
    0,
  );

it("a mutation of a good file is refused, or leaves every zone as strict as it was or as the defaults are", async () => {
  const result = await load(rich);
  if (result.outcome !== "loaded") throw new Error("the file should be good");
  const before = result.content;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...pathsIn(rich)),
      fc.constantFrom(...Object.keys(mutations)),
      async (path, name) => {
        const mutant = structuredClone(rich);
        const holder = path.slice(0, -1).reduce<Json>((value, step) => Object(value[step]), mutant);
        mutations[name]?.(holder, path.at(-1) ?? "");
        const after = await load(textOf(mutant));
        // A whole feature that is gone, or a hole, is not a mistake that can be seen in the file.
        const isRemoval =
          name === "delete" && path.every((step) => step === "features" || typeof step === "number");
        const isHole = path.includes("coordinates") && name === "delete";
        const isFine =
          after.outcome === "refused" || isRemoval || isHole || isAtLeastAsStrict(after.content, before);
        expect(isFine, `${name} ${path.join(".")}`).toBe(true);
      },
    ),
    runs,
  );
});
