import type { Coverage, Region } from "../zone.ts";
import { sameShapes, uncoveredM2 } from "./area-change.ts";
import { metres2, type Change } from "./zone-changes.ts";

/** The name of the whole coverage, where no coverage feature is left to name. */
export const ALL_COVERAGE = "coverage";

/** Outside its coverage a set drops every frame: covering more, without zones there, opens it. */
export function coverageChanges(
  before: readonly Coverage[],
  after: readonly Coverage[],
  toleranceM2: number,
): readonly Change[] {
  if (before.length === 0)
    return after.map(({ id }) => change(id, "added", ["coverage, where it was everything"], []));
  if (after.length === 0) {
    const what = ["no coverage any more: everything counts as covered"];
    return [change(ALL_COVERAGE, "removed", what, what)];
  }
  const known = new Map(before.map((area) => [area.id, area]));
  const now = new Set(after.map(({ id }) => id));
  const grown = after.flatMap(({ id, shapes }) => {
    const earlier = known.get(id);
    if (earlier && sameShapes(earlier.shapes, shapes)) return [];
    const openedM2 = uncoveredM2(shapes, before);
    const weaker = openedM2 > toleranceM2 ? [`coverage grown by ${metres2(openedM2)}`] : [];
    const what = weaker.length > 0 ? weaker : ["coverage shrunk"];
    return [{ ...change(id, earlier ? "changed" : "added", what, weaker), openedM2 }];
  });
  const removed = before
    .filter(({ id }) => !now.has(id))
    .map(({ id }) => change(id, "removed", ["coverage"], []));
  return [...grown, ...removed];
}

/** Regions say to which data centre frames go: any change sends some elsewhere, and somebody must have meant it. */
export function regionChanges(before: readonly Region[], after: readonly Region[]): readonly Change[] {
  const known = new Map(before.map((region) => [region.id, region]));
  const now = new Set(after.map(({ id }) => id));
  const changed = after.flatMap((region) => {
    const earlier = known.get(region.id);
    const what = earlier ? regionChange(earlier, region) : [`region ${region.region}: frames go there`];
    return what.length === 0 ? [] : [change(region.id, earlier ? "changed" : "added", what, what)];
  });
  const removed = before
    .filter(({ id }) => !now.has(id))
    .map(({ id, region }) => {
      const what = [
        `region ${region}: its frames stay in the vehicle, or go where another region has the place`,
      ];
      return change(id, "removed", what, what);
    });
  return [...changed, ...removed];
}

function regionChange(before: Region, after: Region): readonly string[] {
  if (before.region !== after.region) return [`region ${before.region} → ${after.region}`];
  if (sameShapes(before.shapes, after.shapes)) return [];
  const [grownM2, shrunkM2] = [uncoveredM2(after.shapes, [before]), uncoveredM2(before.shapes, [after])];
  return [`region ${after.region} grown by ${metres2(grownM2)}, shrunk by ${metres2(shrunkM2)}`];
}

const change = (
  id: string,
  kind: Change["kind"],
  what: readonly string[],
  weaker: readonly string[],
): Change => ({ id, kind, what, weaker, openedM2: 0, closedM2: 0 });
