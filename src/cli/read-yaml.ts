import { LineCounter, isMap, isNode, isScalar, parseDocument } from "yaml";
import type { Document } from "yaml";
import type * as z from "zod";

/** One mistake of a file that a person wrote. */
export interface YamlMistake {
  readonly line: number;
  /** `cameras[0].source.fps`; empty for the whole file. */
  readonly path: string;
  readonly what: string;
}

export type YamlRead<T> =
  | { readonly kind: "good"; readonly value: T }
  | { readonly kind: "wrong"; readonly mistakes: readonly YamlMistake[] };

/** Most that an alias may multiply: a few lines must not become gigabytes. */
const MAX_ALIASES = 100;

/** Reads YAML (or JSON) by a schema; every mistake is told at once, with its line, in the order of lines. */
export function readYaml<S extends z.ZodType>(text: string, schema: S): YamlRead<z.infer<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors.map(({ message, linePos }) => ({
    line: linePos?.[0].line ?? 1,
    path: "",
    what: message.split("\n")[0] ?? "",
  }));
  if (broken.length > 0) return { kind: "wrong", mistakes: broken };
  // Once: code made for it would take longer to make than it saves.
  const checked = schema.safeParse(document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}, { jitless: true });
  if (checked.success) return { kind: "good", value: checked.data };
  const mistakes = checked.error.issues.flatMap((issue) => mistakesOf(issue, document, lines));
  return { kind: "wrong", mistakes: mistakes.toSorted((a, b) => a.line - b.line) };
}

function mistakesOf(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): YamlMistake[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { line: lineOf(path, document, lines), path: pathText(path), what: "there is no such setting" };
    });
  }
  const what = issue.message.replace(/^Invalid input: /, "");
  return [{ line: lineOf(issue.path, document, lines), path: pathText(issue.path), what }];
}

/** The line of the last step that is there: what is missing is missing from that. */
function lineOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else {
      const next: unknown = isNode(node) && "get" in node ? node.get(step, true) : undefined;
      if (!isNode(next)) break;
      offset = next.range?.[0] ?? offset;
      node = next;
    }
  }
  return lines.linePos(offset).line;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}
