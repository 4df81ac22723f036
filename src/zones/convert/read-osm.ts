import osmtogeojson from "osmtogeojson";
import { isJsonObject, type JsonObject } from "../check/json-object.ts";
import { show } from "../check/show.ts";
import type { Draft, Reader, Report, Source } from "./draft.ts";
import { areaGeometry, geometryTypeOf } from "./geojson-geometry.ts";
import { labelOf } from "./naming.ts";
import { readJsonSource } from "./report-json.ts";
import {
  lostFrom,
  relationsInJson,
  relationsInXml,
  type OsmMember,
  type OsmRelations,
} from "./osm-relations.ts";
import { elementsOf, lineOf, parseXml } from "./xml.ts";
import { sourceIncomplete } from "./rules/source-incomplete.ts";

/** OpenStreetMap XML. */
export const readOsmXml: Reader = async ({ name, bytes }, report) => {
  const document = parseXml(bytes, report);
  if (document === null) return { drafts: [], wgs84By: "OpenStreetMap" };
  const objects = ["node", "way", "relation"].flatMap((type) =>
    elementsOf(document, type).map((element): OsmObject => {
      const tags = elementsOf(element, "tag").map((tag) => [tag.getAttribute("k"), tag.getAttribute("v")]);
      return {
        id: `${type}/${element.getAttribute("id") ?? ""}`,
        line: lineOf(element),
        isSite: isSite(Object.fromEntries(tags)),
      };
    }),
  );
  const relations = relationsInXml(document);
  return sourceOf(name, osmtogeojson(document).features, { objects, relations }, report);
};

/** What an Overpass server answers with `[out:json]` and `out geom` or `out body; >; out skel`. */
export const readOverpass: Reader = async ({ name, bytes }, report) => {
  const source = readJsonSource(name, bytes);
  for (const mistake of source.mistakes()) report(mistake);
  const elements = isJsonObject(source.value) ? source.value["elements"] : null;
  if (!Array.isArray(elements) || !isJsonObject(source.value))
    return { drafts: [], wgs84By: "OpenStreetMap" };
  if (typeof source.value["remark"] === "string") reportRemark(source.value["remark"], report);
  const at = source.linesOf(elements.map((_, index) => ["elements", index]));
  const objects = elements.map((each: unknown, index): OsmObject => {
    const [tags, id] = [
      memberOf(each, "tags"),
      `${String(memberOf(each, "type"))}/${String(memberOf(each, "id"))}`,
    ];
    return { id, line: at[index] ?? 1, isSite: isJsonObject(tags) && isSite(tags) };
  });
  const relations = relationsInJson(elements);
  return sourceOf(name, osmtogeojson(source.value).features, { objects, relations }, report);
};

/** What the file itself says of an object, whatever the library makes of it. */
interface OsmObject {
  /** `way/123` */
  readonly id: string;
  readonly line: number;
  readonly isSite: boolean;
}

/** Overpass answers a query that ran out of time or memory with what it had, and a remark. */
function reportRemark(remark: string, report: Report): void {
  const [expected, advice] = ["a complete answer", "ask again, for a smaller area or with more time"];
  report({ rule: sourceIncomplete, line: 1, path: "remark", got: remark, expected, advice });
}

type Lines = ReadonlyMap<string, number>;

function sourceOf(
  file: string,
  features: readonly unknown[],
  { objects, relations }: { readonly objects: readonly OsmObject[]; readonly relations: OsmRelations },
  report: Report,
): Source {
  const lines = new Map(objects.map(({ id, line }) => [id, line]));
  const tagged = features.filter((feature) => Object.keys(tagsOf(feature)).length > 0);
  const drafts = tagged.map((feature, index) => draftOf(file, feature, index, { lines, relations }));
  const made = new Set(drafts.map(({ key }) => key));
  for (const { id, line, isSite: isLost } of objects) {
    if (!isLost || made.has(id)) continue;
    const [got, expected] = [
      "a military object of which no area can be made",
      "a closed way or a multipolygon",
    ];
    const advice = "get it whole, or draw its area by hand";
    report({ rule: sourceIncomplete, line, path: id, got, expected, advice });
  }
  return { drafts, wgs84By: "OpenStreetMap" };
}

const memberOf = (value: unknown, name: string): unknown => (isJsonObject(value) ? value[name] : undefined);

function tagsOf(feature: unknown): JsonObject {
  const tags = memberOf(memberOf(feature, "properties"), "tags");
  return isJsonObject(tags) ? tags : {};
}

interface Origin {
  readonly lines: Lines;
  readonly relations: OsmRelations;
}

function draftOf(file: string, feature: unknown, index: number, { lines, relations }: Origin): Draft {
  const key = String(memberOf(feature, "id"));
  const tags = tagsOf(feature);
  const geometry = memberOf(feature, "geometry");
  const place = {
    label: `${key} ${labelOf("", index, tags).replace(/^ \d+ ?/, "")}`.trim(),
    line: lines.get(key) ?? 1,
  };
  return {
    file,
    ...place,
    type: geometryTypeOf(geometry),
    geometry: areaGeometry(geometry).geometry,
    key,
    properties: { ...tags, "@id": key },
    preset: isSite(tags) ? { category: "military" } : {},
    ...flawOf(feature, relations.get(key) ?? null),
  };
}

/** What OpenStreetMap calls military: the area, and what stands on it. */
const isSite = ({ landuse, ...tags }: JsonObject) =>
  "military" in tags || (typeof landuse === "string" && /(^|;)\s*military\s*(;|$)/.test(landuse));

/** Objects that the file has only in part: a missing way opens a side of the area. */
function flawOf(feature: unknown, members: readonly OsmMember[] | null): Pick<Draft, "flaw"> {
  const properties = memberOf(feature, "properties");
  const placeholder = memberOf(properties, "geometry");
  const isTainted = memberOf(properties, "tainted") === true;
  const lost = members === null || isTainted ? null : lostFrom(members, memberOf(feature, "geometry"));
  if (!isTainted && placeholder === undefined && lost === null) return {};
  const got =
    placeholder === undefined
      ? (lost ?? "an object of which ways or nodes are missing")
      : `only its ${show(placeholder)}`;
  const advice = "get it whole: osmium extract --strategy smart, or Overpass with (._;>;); out body;";
  return { flaw: { got, expected: "all its ways and nodes", advice } };
}
