import type { Document, Element } from "@xmldom/xmldom";
import { isJsonObject, type JsonObject } from "../check/json-object.ts";
import { show } from "../check/show.ts";
import { areaGeometry } from "./geojson-geometry.ts";
import { elementsOf } from "./xml.ts";

/** What a relation is made of. */
export interface OsmMember {
  readonly type: string;
  readonly role: string;
  /** Number of its nodes, of a way that the file has. */
  readonly nodes: number;
}

/** The members of each relation, by `relation/5`. */
export type OsmRelations = ReadonlyMap<string, readonly OsmMember[]>;

export function relationsInXml(document: Document): OsmRelations {
  const nodes = new Map(
    elementsOf(document, "way").map((way) => [way.getAttribute("id"), elementsOf(way, "nd").length]),
  );
  const memberOf = (member: Element): OsmMember => ({
    type: member.getAttribute("type") ?? "",
    role: member.getAttribute("role") ?? "",
    nodes: nodes.get(member.getAttribute("ref")) ?? 0,
  });
  const relations = elementsOf(document, "relation");
  return new Map(
    relations.map((relation) => [
      `relation/${relation.getAttribute("id") ?? ""}`,
      elementsOf(relation, "member").map(memberOf),
    ]),
  );
}

export function relationsInJson(elements: readonly unknown[]): OsmRelations {
  const objects = elements.filter(isJsonObject);
  const ways = objects.filter(({ type }) => type === "way");
  const nodes = new Map(ways.map((way) => [way["id"], lengthOf(way["nodes"] ?? way["geometry"])]));
  const memberOf = ({ type, role, ref, geometry }: JsonObject): OsmMember => ({
    type: String(type),
    role: typeof role === "string" ? role : "",
    nodes: geometry === undefined ? (nodes.get(ref) ?? 0) : lengthOf(geometry),
  });
  const relations = objects.filter(({ type }) => type === "relation");
  return new Map(
    relations.map(({ id, members }) => [
      `relation/${String(id)}`,
      (Array.isArray(members) ? members : []).filter(isJsonObject).map(memberOf),
    ]),
  );
}

const lengthOf = (list: unknown) => (Array.isArray(list) ? list.length : 0);

/**
 * What the library left out of a relation's area without a word: members of other roles, and outlines of two or three nodes
 * that do not close. Null where all of it is in the geometry.
 */
export function lostFrom(members: readonly OsmMember[], geometry: unknown): string | null {
  const odd = members.find(
    ({ type, role }) =>
      (type === "way" && !["", "outer", "inner"].includes(role)) ||
      (type === "relation" && role !== "subarea"),
  );
  if (odd) return `a ${odd.type} with the role ${show(odd.role)}`;
  const outer = members.filter(({ type, role }) => type === "way" && role !== "inner");
  const written = outer.reduce((sum, { nodes }) => sum + nodes - 1, 0);
  const read = outlinesOf(geometry).reduce((sum, length) => sum + length - 1, 0);
  return written === read ? null : `outer ways of ${written} edges, of which ${read} make outlines`;
}

/** The numbers of positions of the outlines of all polygons. */
function outlinesOf(value: unknown): readonly number[] {
  const { geometry } = areaGeometry(value);
  if (geometry === null || !Array.isArray(geometry.coordinates)) return [];
  const list: readonly unknown[] = geometry.coordinates;
  const polygons = geometry.type === "Polygon" ? [list] : list;
  return polygons.map((polygon) => lengthOf(Array.isArray(polygon) ? polygon[0] : null));
}
