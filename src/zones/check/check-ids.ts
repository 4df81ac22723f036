import type { Findings } from "./findings.ts";
import { isJsonObject } from "./json-object.ts";
import { under } from "./mistake.ts";
import { duplicateId } from "./rules/duplicate-id.ts";

/** Reports every id that an earlier feature of the same file has, whatever else is wrong with the two. */
export function checkIds(features: readonly unknown[], findings: Findings): void {
  const ids = features.map(idOf);
  const texts = ids.filter((id) => id !== null);
  // Nearly always none is there twice, and a set is built in half the time of a map.
  if (new Set(texts).size === texts.length) return;
  const firsts = new Map<string, number>();
  for (const [index, id] of ids.entries()) {
    if (id === null) continue;
    const first = firsts.get(id) ?? index;
    firsts.set(id, first);
    findings.passes(duplicateId, duplicateId.check(id, first, index), under(null, "features"));
  }
}

function idOf(feature: unknown): string | null {
  const properties = isJsonObject(feature) ? feature["properties"] : null;
  const id = isJsonObject(properties) ? properties["id"] : null;
  return typeof id === "string" ? id : null;
}
