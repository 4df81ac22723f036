import * as z from "zod";
import type { Findings } from "./findings.ts";
import { under, type JsonPath, type Step } from "./mistake.ts";
import { show } from "./show.ts";
import { nearestName } from "./nearest-name.ts";

/** A JSON object, as `JSON.parse` gives it. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Checks an object of the file against its schema and reports every mistake in it. Names that begin with `x-` belong
 * to whoever wrote them. Returns null when there was a mistake.
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

/** Reports the members of an object that the format does not know. */
export function checkNames(
  value: JsonObject,
  known: ReadonlySet<string>,
  path: JsonPath,
  findings: Findings,
): void {
  for (const name in value) {
    if (known.has(name) || name.startsWith("x-")) continue;
    reportUnknown(name, value[name], [...known], under(path, name), findings);
  }
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
      reportUnknown(name, valueAt(value, [name]), known, under(path, name), findings);
    return;
  }
  const rule = inside[0] === "version" ? "version" : "value";
  const got = rule === "version" ? `version ${show(value)}` : show(value);
  findings.add({ rule, at: path, got, expected: expectedIn(issue), advice: adviceFor(issue, value) });
}

/** The schemas' messages say what was expected; only where something else stands for an object, zod says it. */
const expectedIn = (issue: Issue) =>
  issue.code === "invalid_type" && issue.message.startsWith("Invalid input")
    ? `an ${issue.expected}`
    : issue.message;

function reportUnknown(
  name: string,
  value: unknown,
  known: readonly string[],
  at: JsonPath,
  findings: Findings,
): void {
  const meant = nearestName(name, known);
  findings.add({
    rule: "unknown-property",
    at,
    got: `unknown member ${show(name)} = ${show(value)}`,
    expected: `only ${known.join(", ")}, and names that begin with x-`,
    advice:
      ADVICE_FOR_NAME.get(name) ?? (meant ? `write ${meant}` : "delete it, or let its name begin with x-"),
  });
}

/** What other programs write beside the format. */
const ADVICE_FOR_NAME: ReadonlyMap<string, string> = new Map([
  ["crs", "delete it, after exporting as EPSG:4326: GeoJSON has no other system but camfence.datum"],
]);

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

function adviceFor(issue: Issue, value: unknown): string {
  if (value === undefined) return "add it";
  if (issue.code === "invalid_type" && issue.expected === "number" && typeof value === "string")
    return "write the number without quotes";
  return "correct it";
}
