import { DEFAULT_VIEW_M } from "../zone-file.ts";
import type { Category } from "../zone.ts";

/**
 * A good zone file without what tells people what its places are: no names, no categories, no `x-` members. The view
 * distance that a category stands for is written out first, so that every verdict stays as it was. Ids stay: they are
 * in verdicts and in the ledger.
 */
export function stripNames(bytes: Buffer): Buffer {
  const file = plain(JSON.parse(bytes.toString("utf8").replace(/^\ufeff/, ""))) as ZoneFileLike;
  return Buffer.from(JSON.stringify({ ...file, features: file.features.map(stripFeature) }));
}

interface ZoneFileLike {
  readonly features: readonly FeatureLike[];
}
interface FeatureLike {
  readonly properties: Readonly<Record<string, unknown>>;
}

function stripFeature(feature: FeatureLike): FeatureLike {
  const { name: _name, category, ...kept } = feature.properties;
  if (category === undefined) return { ...feature, properties: kept };
  const viewM = kept["viewM"] ?? DEFAULT_VIEW_M[category as Category];
  return { ...feature, properties: { ...kept, category: "other", viewM } };
}

/** Without the members that readers ignore. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return typeof value[0] === "object" ? value.map(plain) : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.startsWith("x-"))
      .map(([name, member]) => [name, plain(member)]),
  );
}
