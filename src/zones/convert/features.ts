import type { JsonObject } from "../check/json-object.ts";
import type { Draft, DraftGeometry, Report } from "./draft.ts";
import { asId, shortHash } from "./naming.ts";
import { repairRings, type Repairs } from "./repair-ring.ts";
import { sourceDuplicate } from "./rules/source-duplicate.ts";

/** A feature of the zone file to be, and the draft it came from. */
export interface Feature {
  readonly draft: Draft;
  readonly id: string;
  readonly properties: JsonObject;
  readonly geometry: JsonObject;
}

/** The feature of a draft, its id not yet made unique. Altitudes are left out. */
export function toFeature(
  draft: Draft & { readonly geometry: DraftGeometry },
  properties: JsonObject,
  { prefix, repairs }: { readonly prefix: string; readonly repairs: Repairs | null },
): Feature {
  const flat = withoutAltitude(draft.geometry.coordinates);
  const { type } = draft.geometry;
  const coordinates = repairs ? repairRings(type, flat, repairs) : flat;
  const radiusM = "radiusM" in draft.geometry ? draft.geometry.radiusM : undefined;
  const { id, ...others } = properties;
  const given = typeof id === "string" || typeof id === "number" ? asId(String(id)) : "";
  const own = asId(draft.key ?? "") || shortHash([type, coordinates, properties["name"] ?? ""]);
  return {
    draft,
    id: given || (prefix === "" ? own : `${prefix}/${own}`),
    properties: { ...(radiusM === undefined ? {} : { radiusM }), ...others },
    geometry: { type, coordinates },
  };
}

/** Positions with three numbers get two; what is none stays for the checks to report, but for lists within lists without end. */
function withoutAltitude(coordinates: unknown, depth = 0): unknown {
  if (!Array.isArray(coordinates)) return coordinates;
  if (depth > MAX_DEPTH) return null;
  const isPosition = coordinates.length === 3 && coordinates.every((each) => typeof each === "number");
  return isPosition ? coordinates.slice(0, 2) : coordinates.map((each) => withoutAltitude(each, depth + 1));
}

/** A list of polygons, of rings, of positions, of numbers. */
const MAX_DEPTH = 4;

/**
 * Features with ids of their own. One that the source has twice, the same in every way, is one zone; others that share an id
 * get a suffix that depends on what they are and not on their order, so that it stays from one export to the next.
 */
export function uniqueFeatures(
  features: readonly Feature[],
  report: (draft: Draft) => Report,
): readonly Feature[] {
  const byId = new Map<string, Feature[]>();
  for (const feature of features) byId.set(feature.id, [...(byId.get(feature.id) ?? []), feature]);
  const seen = new Set<string>();
  const twice = new Map<string, Draft[]>();
  const unique = features.flatMap((feature) => {
    const hash = shortHash([feature.properties, feature.geometry]);
    const id = (byId.get(feature.id)?.length ?? 0) > 1 ? suffixed(feature.id, hash, byId) : feature.id;
    if (seen.has(`${id} ${hash}`)) {
      const { draft } = feature;
      twice.set(draft.file, [...(twice.get(draft.file) ?? []), draft]);
      return [];
    }
    seen.add(`${id} ${hash}`);
    return [{ ...feature, id }];
  });
  for (const [first, ...others] of twice.values())
    if (first) report(first)({ ...TWICE, line: first.line, path: first.label, got: gotTwice(others.length) });
  return unique;
}

const gotTwice = (others: number) =>
  `a feature that was there before${others === 0 ? "" : `, and ${others} more such in this file`}`;

const TWICE = {
  rule: sourceDuplicate,
  expected: "each feature once",
} as const;

/** Two copies of one feature keep their id; different features get their hash. */
function suffixed(id: string, hash: string, byId: ReadonlyMap<string, readonly Feature[]>): string {
  const hashes = new Set((byId.get(id) ?? []).map((each) => shortHash([each.properties, each.geometry])));
  return hashes.size > 1 ? `${id}#${hash}` : id;
}
