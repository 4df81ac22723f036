import type { JsonObject } from "../check/json-object.ts";
import type { Draft } from "./draft.ts";
import { filled, type RuleFile, ruleFor } from "./rule-file.ts";

/** Zone properties that a source may carry under our own names, as a GIS table made for us does. */
const OWN = [
  "name",
  "category",
  "action",
  "standoffM",
  "viewM",
  "radiusM",
  "cameras",
  "schedule",
  "validFrom",
  "validUntil",
];

const NUMBERS = new Set(["standoffM", "viewM", "radiusM"]);
const KINDS = ["zone", "coverage", "region"];

/** What becomes of a feature: properties of a zone (the id only where a rule makes one), or left out, or no rule for it. */
export type Mapped =
  | { readonly kind: "zone"; readonly properties: JsonObject }
  | { readonly kind: "skip"; readonly why: string }
  | { readonly kind: "unmatched" };

/**
 * What wins, from the weakest: the format's guess of a category, the category that the command names, the source's
 * properties under our own names, what the format says itself, a rule.
 */
export function zoneProperties(draft: Draft, rules: RuleFile, category: string | null): Mapped {
  const rule = ruleFor(draft, rules);
  if (rule?.skip !== undefined) return { kind: "skip", why: rule.skip };
  const own = ownProperties(draft.properties);
  const { category: guess, ...stated } = draft.preset;
  const kind = rule?.set?.kind ?? own["kind"] ?? "zone";
  const ofZone = kind === "zone" ? { ...pick("category", guess), ...pick("category", category) } : {};
  const set = settings(draft, rule?.set ?? {});
  const properties = forKind(kind, { ...ofZone, ...own, ...stated, ...set });
  if (rule === null && kind === "zone" && properties["category"] === undefined) return { kind: "unmatched" };
  return { kind: "zone", properties };
}

const pick = (name: string, value: unknown): JsonObject =>
  value === undefined || value === null ? {} : { [name]: value };

function ownProperties(source: JsonObject): JsonObject {
  const own: Record<string, unknown> = {};
  for (const name of OWN) {
    const value = plain(name, source[name]);
    if (value !== undefined) own[name] = value;
  }
  const { kind, region } = source;
  if (typeof kind === "string" && KINDS.includes(kind))
    Object.assign(own, { kind }, kind === "region" ? { region } : {});
  return own;
}

/** A table's text in the type that the zone file wants; nothing for empty fields and for names that are not text. */
function plain(name: string, value: unknown): unknown {
  if (value === null || value === "") return undefined;
  if (name === "name") return typeof value === "string" ? value.slice(0, MAX_NAME_CHARS) : undefined;
  if (typeof value !== "string") return value;
  if (NUMBERS.has(name)) return /^[+-]?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
  if (name === "schedule") return parsed(value);
  if (name === "cameras")
    return value.startsWith("[") ? parsed(value) : value.split(",").map((id) => id.trim());
  return value;
}

const MAX_NAME_CHARS = 200;

/** Formats without objects carry them as JSON text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function settings(draft: Draft, set: JsonObject): JsonObject {
  const entries = Object.entries(set).map(([name, value]) => {
    const text = typeof value === "string" ? filled(value, draft) : value;
    return [name, plain(name, text)] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Coverage and regions have no category, action or schedule; asking for them is no mistake of the feature. */
function forKind(kind: unknown, properties: JsonObject): JsonObject {
  if (kind === "zone") return properties;
  const { id, name, radiusM, region } = properties;
  const kept = { id, kind, name, radiusM, region: kind === "region" ? region : undefined };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}
