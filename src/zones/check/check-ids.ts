import { isJsonObject } from "./check-properties.ts";
import type { Findings } from "./findings.ts";
import { under } from "./mistake.ts";
import { show } from "./show.ts";

/** Reports every id that an earlier feature of the same file has, whatever else is wrong with the two. */
export function checkIds(features: readonly unknown[], findings: Findings): void {
  const ids = features.map(idOf);
  const texts = ids.filter((id) => id !== null);
  // Nearly always none is there twice, and a set is built in half the time of a map.
  if (new Set(texts).size === texts.length) return;
  const firsts = new Map<string, number>();
  for (const [index, id] of ids.entries()) {
    const first = id === null ? undefined : firsts.get(id);
    if (id !== null && first === undefined) firsts.set(id, index);
    if (first !== undefined) reportDuplicate(id, first, index, findings);
  }
}

function idOf(feature: unknown): string | null {
  const properties = isJsonObject(feature) ? feature["properties"] : null;
  const id = isJsonObject(properties) ? properties["id"] : null;
  return typeof id === "string" ? id : null;
}

function reportDuplicate(id: string | null, first: number, index: number, findings: Findings): void {
  findings.add({
    rule: "duplicate-id",
    at: under(null, "features", index, "properties", "id"),
    got: `${show(id)}, which features[${first}] has already`,
    expected: "an id of its own",
    advice: "rename one, or make one MultiPolygon of the two",
  });
}
