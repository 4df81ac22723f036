import * as z from "zod";
import { parse } from "yaml";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { Draft } from "./draft.ts";

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const Match = z.union([Scalar, z.array(Scalar).min(1), z.strictObject({ present: z.boolean() })]);

const Text = z.union([z.string(), z.number()]);
const Setting = z.strictObject({
  id: Text.optional(),
  name: Text.optional(),
  kind: z.string().optional(),
  region: z.string().optional(),
  category: z.string().optional(),
  action: z.string().optional(),
  standoffM: Text.optional(),
  viewM: Text.optional(),
  radiusM: Text.optional(),
  cameras: z.array(z.string()).optional(),
  schedule: z.unknown().optional(),
  validFrom: z.string().optional(),
  validUntil: z.string().optional(),
});

const MappingRule = z
  .strictObject({
    match: z
      .record(z.string(), Match)
      .default({})
      .describe("Properties of the source that must all fit; $geometry is the type of its geometry."),
    skip: z.string().min(3).optional().describe("Leave the feature out, and why."),
    set: Setting.optional().describe("Properties of the zone; {name} stands for a property of the source."),
  })
  .refine((rule) => (rule.skip === undefined) !== (rule.set === undefined), "either `set` or `skip`");
type MappingRule = z.infer<typeof MappingRule>;

const RuleFileSchema = z.strictObject({
  version: z.literal(1),
  csv: z
    .strictObject({ lat: z.string().optional(), lon: z.string().optional(), radiusM: z.string().optional() })
    .default({}),
  rules: z.array(MappingRule).default([]),
});

/** How the features of a source become zones: the first rule that fits a feature counts. */
export type RuleFile = z.infer<typeof RuleFileSchema>;

export const NO_RULES: RuleFile = { version: 1, csv: {}, rules: [] };

/** Reads a rule file, YAML or JSON. Throws CamfenceError `malformed` with every mistake in it. */
export function parseRules(file: string, text: string): RuleFile {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw new CamfenceError("malformed", `${file}: ${messageOf(cause)}`, { file, cause });
  }
  const parsed = RuleFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "file"}: ${message}`);
  throw new CamfenceError("malformed", `${file}: ${mistakes.join("; ")}`, { file });
}

/** What the rules say of a feature; null where none fits. */
export function ruleFor(draft: Draft, { rules }: RuleFile): MappingRule | null {
  return (
    rules.find(({ match }) => Object.entries(match).every(([name, wanted]) => fits(draft, name, wanted))) ??
    null
  );
}

function fits(draft: Draft, name: string, wanted: z.infer<typeof Match>): boolean {
  const value = name === "$geometry" ? draft.type : draft.properties[name];
  if (typeof wanted === "object" && !Array.isArray(wanted))
    return wanted.present === (value !== undefined && value !== null && value !== "");
  const accepted = (Array.isArray(wanted) ? wanted : [wanted]).map(String);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.some((each) => isScalar(each) && accepted.includes(String(each)));
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** `{name}` becomes the source's property; empty where it has none. */
export function filled(template: string, draft: Draft): string {
  return template.replaceAll(/\{([^{}]+)\}/g, (_all, name: string) => {
    const value = draft.properties[name];
    return isScalar(value) ? String(value) : "";
  });
}
