import type { JSONPath, Node } from "jsonc-parser";
import { applyEdits, findNodeAtLocation, modify, parseTree } from "jsonc-parser";
import { CamfenceError } from "../../../core/errors.ts";
import type { EditChange, EditGeometry, EditProperties } from "./edit-request.ts";
import type { Layout } from "./geometry-text.ts";
import { coordinatesText, featureText, typeOf, wholeGeometry } from "./geometry-text.ts";

/**
 * A zone file with one feature added, changed or taken out. Whatever is not meant stays byte for byte; positions that did
 * not move keep their digits. Throws CamfenceError for a text that has no such feature.
 */
export function editText(text: string, change: EditChange): string {
  switch (change.kind) {
    case "add":
      return addFeature(text, change);
    case "remove":
      return removeFeature(text, change.feature);
    case "change": {
      const at: JSONPath = ["features", change.feature];
      const shaped = change.geometry === null ? text : reshaped(text, at, change.geometry);
      return change.properties === null ? shaped : withProperties(shaped, at, change.properties);
    }
    default:
      return change satisfies never;
  }
}

/** Where the kind of geometry stays, only its coordinates are written anew. */
function reshaped(text: string, at: JSONPath, geometry: EditGeometry): string {
  const before: unknown = nodeAt(text, [...at, "geometry", "type"]).value;
  const type = typeOf(geometry, before);
  const path = [...at, "geometry", ...(type === before ? ["coordinates"] : [])];
  const node = nodeAt(text, path);
  const layout = layoutAt(text, node);
  const written =
    type === before
      ? coordinatesText(geometry, type, layout, { text, node })
      : wholeGeometry(geometry, type, layout);
  const radiusM = geometry.kind === "circle" ? geometry.radiusM : undefined;
  return setProperty(replaced(text, node, written), [...at, "properties", "radiusM"], radiusM);
}

const replaced = (text: string, { offset, length }: Node, written: string): string =>
  text.slice(0, offset) + written.replaceAll("\n", eolOf(text)) + text.slice(offset + length);

/** As the value is laid out now. */
const layoutAt = (text: string, { offset, length }: Node): Layout => ({
  indent: text.slice(offset, offset + length).includes("\n") ? indentAt(text, offset) : null,
  unit: unitOf(text),
});

function withProperties(text: string, at: JSONPath, properties: EditProperties): string {
  return Object.entries(properties).reduce(
    (changed, [name, value]) => setProperty(changed, [...at, "properties", name], value ?? undefined),
    text,
  );
}

/** Nothing changes where the value is what it was. */
function setProperty(text: string, path: JSONPath, value: string | number | undefined): string {
  const tree = parseTree(text);
  const was: unknown = tree === undefined ? undefined : findNodeAtLocation(tree, path)?.value;
  if (was === value) return text;
  return applyEdits(
    text,
    modify(text, path, value, isOnOneLine(text, path) ? {} : { formattingOptions: styleOf(text) }),
  );
}

/** An object that is written on one line stays on one. */
function isOnOneLine(text: string, path: JSONPath): boolean {
  const { offset, length } = nodeAt(text, path.slice(0, -1));
  return !text.slice(offset, offset + length).includes("\n");
}

function addFeature(text: string, { properties, geometry }: Extract<EditChange, { kind: "add" }>): string {
  const list = nodeAt(text, ["features"]);
  const last = list.children?.at(-1);
  const unit = unitOf(text);
  if (last === undefined) {
    const indent = indentAt(text, list.offset);
    const written = featureText(properties, geometry, { indent: indent + unit, unit });
    return replaced(text, list, `[\n${indent}${unit}${written}\n${indent}]`);
  }
  const { indent } = layoutAt(text, last);
  const between = indent === null ? ", " : `,\n${indent}`;
  const end: Node = { ...last, offset: last.offset + last.length, length: 0 };
  return replaced(text, end, `${between}${featureText(properties, geometry, { indent, unit })}`);
}

/** With the comma that parts it from its neighbour. */
function removeFeature(text: string, number: number): string {
  const { offset, length } = nodeAt(text, ["features", number]);
  const all = nodeAt(text, ["features"]).children ?? [];
  const [before, after] = [all[number - 1], all[number + 1]];
  const from = before === undefined ? offset : before.offset + before.length;
  const to = before === undefined && after !== undefined ? after.offset : offset + length;
  return text.slice(0, from) + text.slice(to);
}

function nodeAt(text: string, path: JSONPath): Node {
  const tree = parseTree(text);
  const node = tree === undefined ? undefined : findNodeAtLocation(tree, path);
  if (node !== undefined) return node;
  throw new CamfenceError(
    "malformed",
    `got no ${path.join("/")} in the file; is it the one that the page showed?`,
  );
}

const eolOf = (text: string): "\n" | "\r\n" => (text.includes("\r\n") ? "\r\n" : "\n");

/** What the first indented line is indented by. */
const unitOf = (text: string): string => /\n([ \t]+)/.exec(text)?.[1] ?? "  ";

function styleOf(text: string) {
  const unit = unitOf(text);
  return {
    insertSpaces: !unit.includes("\t"),
    tabSize: unit.includes("\t") ? 1 : unit.length,
    eol: eolOf(text),
  };
}

/** The blanks at the beginning of the line that holds the offset. */
function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}
