import type { Document } from "yaml";
import { LineCounter, isNode, parseDocument } from "yaml";
import type * as z from "zod";
import { CamfenceError, messageOf } from "../../src/core/errors.ts";

/** Something wrong in a file that a person wrote. */
export interface Mistake {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Schemas of members that the file's own schema leaves open. */
export type MemberSchemas = Readonly<Record<string, z.ZodType>>;

/**
 * Reads YAML (or JSON) by a schema. Throws CamfenceError `malformed` with every mistake, each with its line, one a line.
 */
export function parseYaml<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
  members: MemberSchemas = {},
): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const broken = document.errors.map(({ message, pos: [offset] }): Mistake => {
    return { ...placeOf(lines, offset), message: firstLine(message) };
  });
  if (broken.length > 0) throw malformed(file, broken);
  const value = valueOf(document, file) ?? {};
  const checked = schema.safeParse(value);
  const mistakes = (checked.error?.issues ?? []).flatMap((issue) => mistakesOf(issue, [], document, lines));
  for (const [member, own] of Object.entries(members)) {
    const given: unknown = typeof value === "object" ? Reflect.get(value, member) : undefined;
    // What is no object is a mistake already.
    const issues = typeof given === "object" ? own.safeParse(given).error?.issues : undefined;
    mistakes.push(...(issues ?? []).flatMap((issue) => mistakesOf(issue, [member], document, lines)));
  }
  if (checked.success && mistakes.length === 0) return checked.data;
  throw malformed(file, mistakes);
}

/** References to references grow beyond any memory: so many are no file that a person wrote. */
const MAX_ALIASES = 100;

function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    const message = `got references (*name) that cannot be followed, expected at most ${MAX_ALIASES}: ${firstLine(messageOf(cause))}`;
    throw new CamfenceError("malformed", `${file}:1:1: ${message}`, { file, line: 1, cause });
  }
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A mistake in one of several forms is told of the form that was meant: the one with the fewest mistakes. */
function mistakesOf(issue: Issue, above: Path, document: Document, lines: LineCounter): readonly Mistake[] {
  const path = [...above, ...issue.path];
  if (issue.code === "invalid_union") {
    const forms = issue.errors.filter((errors) => !errors.some(isOtherForm));
    const meant = forms.toSorted((a, b) => a.length - b.length)[0];
    if (meant !== undefined) return meant.flatMap((inner) => mistakesOf(inner, path, document, lines));
  }
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      ...placeIn(document, lines, [...path, key]),
      message: `${nameOf([...path, key])}: is not known here`,
    }));
  }
  const message = `${nameOf(path)}: ${gotOf(document, path)}expected ${expectedOf(issue)}`;
  return [{ ...placeIn(document, lines, path), message }];
}

/** The schema's own words where it has some; else what kind of value it wants. */
function expectedOf(issue: Issue): string {
  if (!/^(?:Invalid|Too|Unrecognized)/.test(issue.message)) return issue.message;
  if (issue.code === "invalid_type") return KINDS[issue.expected] ?? issue.expected;
  if (issue.code === "invalid_value") return issue.values.map(String).join(", ");
  if (issue.code === "too_small")
    return `${issue.inclusive === true ? "at least" : "more than"} ${issue.minimum}`;
  if (issue.code === "too_big")
    return `${issue.inclusive === true ? "at most" : "less than"} ${issue.maximum}`;
  return issue.message.replace(/^Invalid [a-z ]*(?:value)?[.:] ?(?:Expected )?/, "");
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "members",
  record: "members",
  array: "a list",
  tuple: "a list",
};

/** A form that another kind of value, or other members, would have. */
function isOtherForm({ code, path, input }: Issue): boolean {
  return (
    (code === "invalid_type" && (path.length === 0 || input === undefined)) || code === "unrecognized_keys"
  );
}

function gotOf(document: Document, path: Path): string {
  const value: unknown = document.hasIn(path) ? document.getIn(path) : undefined;
  if (value === undefined) return "is missing, ";
  return typeof value === "object" && value !== null ? "" : `got ${JSON.stringify(value)}, `;
}

/** Where the value is, or the nearest thing around it that there is. */
function placeIn(document: Document, lines: LineCounter, path: Path): Pick<Mistake, "line" | "column"> {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return placeOf(lines, node.range[0]);
  }
  return { line: 1, column: 1 };
}

function placeOf(lines: LineCounter, offset: number): Pick<Mistake, "line" | "column"> {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function nameOf(path: Path): string {
  return path.length === 0 ? "file" : path.map(String).join(".");
}

function firstLine(message: string): string {
  return message.split("\n")[0]?.replace(/ at line.*$/, "") ?? message;
}

function malformed(file: string, mistakes: readonly Mistake[]): CamfenceError {
  const sorted = mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const text = sorted.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join("\n");
  return new CamfenceError("malformed", text, { file, line: sorted[0]?.line ?? 1 });
}
