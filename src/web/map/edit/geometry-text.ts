import type { Node } from "jsonc-parser";
import type { EditGeometry, EditProperties } from "./edit-request.ts";

/** How values are laid out in a text. */
export interface Layout {
  /** Of the line that the value begins on; null: all on one line. */
  readonly indent: string | null;
  /** What deeper lines are indented by more. */
  readonly unit: string;
}

export type GeometryType = "Point" | "Polygon" | "MultiPolygon";

/** What GeoJSON calls a geometry; one that was a MultiPolygon stays one. */
export function typeOf(geometry: EditGeometry, before: unknown): GeometryType {
  if (geometry.kind === "circle") return "Point";
  return geometry.polygons.length === 1 && before !== "MultiPolygon" ? "Polygon" : "MultiPolygon";
}

type Position = readonly [number, number];
type Nested = Position | readonly Nested[];

/**
 * The coordinates of a geometry, a position a line. Those that stood in `before` already, the node of earlier coordinates in
 * `text`, are written as they were, with their digits and altitude.
 */
export function coordinatesText(
  geometry: EditGeometry,
  type: GeometryType,
  layout: Layout,
  before: { readonly text: string; readonly node: Node } | null,
): string {
  const known = before === null ? new Map<string, string>() : positionsIn(before.text, before.node);
  const write = (position: Position) => known.get(keyOf(position)) ?? `[${position.map(degrees).join(", ")}]`;
  if (geometry.kind === "circle") return write(geometry.centre);
  const value: Nested = type === "Polygon" ? (geometry.polygons[0] ?? []) : geometry.polygons;
  return nested(value, write, layout);
}

function nested(value: Nested, write: (position: Position) => string, { indent, unit }: Layout): string {
  if (isPosition(value)) return write(value);
  const deeper = indent === null ? null : indent + unit;
  const parts = value.map((part) => nested(part, write, { indent: deeper, unit }));
  return deeper === null ? `[${parts.join(", ")}]` : `[\n${deeper}${parts.join(`,\n${deeper}`)}\n${indent}]`;
}

const isPosition = (value: Nested): value is Position => typeof value[0] === "number";

/** The page keeps nine decimals, a tenth of a millimetre: so much is not moved. */
const keyOf = (position: Position): string => position.map((value) => Math.round(value * 1e9)).join(" ");

/** A centimetre is finer than anybody draws by hand. */
const degrees = (value: number) => String(Math.round(value * 1e7) / 1e7);

function positionsIn(text: string, node: Node): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (at: Node): void => {
    const [lon, lat] = at.children ?? [];
    if (at.type !== "array" || lon?.type !== "number" || lat?.type !== "number")
      return at.children?.forEach(visit);
    found.set(keyOf([Number(lon.value), Number(lat.value)]), text.slice(at.offset, at.offset + at.length));
    return undefined;
  };
  visit(node);
  return found;
}

/** A whole feature. */
export function featureText(properties: EditProperties, geometry: EditGeometry, layout: Layout): string {
  const { indent, unit } = layout;
  const radius = geometry.kind === "circle" ? { radiusM: geometry.radiusM } : {};
  const stated = Object.entries({ ...properties, ...radius }).filter(([, value]) => value !== null);
  const members = stated.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  const within = { indent: indent === null ? null : indent + unit, unit };
  return objectText(
    [
      '"type": "Feature"',
      `"properties": { ${members.join(", ")} }`,
      `"geometry": ${wholeGeometry(geometry, typeOf(geometry, null), within)}`,
    ],
    layout,
  );
}

export function wholeGeometry(geometry: EditGeometry, type: GeometryType, layout: Layout): string {
  const { indent, unit } = layout;
  const within = { indent: indent === null ? null : indent + unit, unit };
  return objectText(
    [`"type": "${type}"`, `"coordinates": ${coordinatesText(geometry, type, within, null)}`],
    layout,
  );
}

function objectText(members: readonly string[], { indent, unit }: Layout): string {
  if (indent === null) return `{ ${members.join(", ")} }`;
  return `{\n${indent}${unit}${members.join(`,\n${indent}${unit}`)}\n${indent}}`;
}
