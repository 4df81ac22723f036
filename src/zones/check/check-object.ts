import * as z from "zod";
import type { Findings } from "./findings.ts";
import { under, type JsonPath, type Step } from "./mistake.ts";
import { unknownProperty } from "./rules/unknown-property.ts";
import { value as valueRule } from "./rules/value.ts";
import { version } from "./rules/version.ts";
import { schemaIssue } from "./schema-issue.ts";

/**
 * Checks an object of the file against its schema and reports every mistake in it: the schema finds what three rules ask for.
 * Names that begin with `x-` belong to whoever wrote them. Returns null when there was a mistake.
 */
export function checkObject<T>(
  schema: z.ZodType<T>,
  value: unknown,
  path: JsonPath,
  findings: Findings,
): T | null {
  const parsed = schema.safeParse(withoutExtensions(value));
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) reportIssue(issue, value, path, schema, findings);
  return null;
}

/** A copy without the members that begin with `x-`, in it and in the objects and lists of the format's own depth. */
function withoutExtensions(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withoutExtensions(item, depth + 1));
  const rest: Record<string, unknown> = {};
  for (const name in value) {
    if (name.startsWith("x-")) continue;
    const member = withoutExtensions(memberOf(value, name), depth + 1);
    // Assigning __proto__ would hide an unknown member.
    if (name === "__proto__") Object.defineProperty(rest, name, { value: member, enumerable: true });
    else rest[name] = member;
  }
  return rest;
}

/** properties, schedule, windows, window, days, day */
const MAX_DEPTH = 5;

type Issue = z.core.$ZodIssue;

function reportIssue(issue: Issue, root: unknown, at: JsonPath, schema: z.ZodType, findings: Findings): void {
  const inside = issue.path.filter((step) => typeof step !== "symbol");
  const path = under(at, ...inside);
  const value = valueAt(root, inside);
  if (issue.code === "unrecognized_keys") {
    const known = namesOf(schemaAt(schema, inside));
    for (const name of issue.keys)
      findings.passes(unknownProperty, unknownProperty.check(name, valueAt(value, [name]), known), path);
    return;
  }
  const found = schemaIssue(issue, inside, value);
  if (findings.passes(version, version.check(found), path))
    findings.passes(valueRule, valueRule.check(found), path);
}

const namesOf = (schema: unknown) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);

/** The schema of a member, without what makes it optional. */
function schemaAt(schema: unknown, path: readonly Step[]): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return schemaAt(schema.unwrap(), path);
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  if (schema instanceof z.ZodArray) return schemaAt(schema.element, rest);
  return schema instanceof z.ZodObject ? schemaAt(schema.shape[step], rest) : null;
}

const memberOf = (value: object, step: Step): unknown => Reflect.get(value, step);

function valueAt(root: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? memberOf(value, step)
        : undefined,
    root,
  );
}
