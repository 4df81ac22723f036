import { createHash } from "node:crypto";
import type { JsonObject } from "../check/json-object.ts";
import { printable } from "../check/show.ts";

/** `feature 3 "Fort"`: counted from 1, as people do. */
export function labelOf(noun: string, index: number, properties: JsonObject): string {
  const name = properties["name"];
  const shown = typeof name === "string" && name !== "" ? ` "${printable(name.slice(0, 40))}"` : "";
  return `${noun} ${index + 1}${shown}`;
}

/** Properties in which tools keep an id that stays, in the order of trust. */
const KEYS = ["@id", "id", "ID", "Id", "identifier", "uuid", "fid", "gml_id", "osm_id", "OBJECTID"];

/** The id that a source gives a feature itself, or null. */
export function keyOf(featureId: unknown, properties: JsonObject): string | null {
  for (const value of [featureId, ...KEYS.map((name) => properties[name])]) {
    if (typeof value === "number" && Number.isFinite(value)) return String(value);
    if (typeof value === "string" && value.trim() !== "") return value.trim();
  }
  return null;
}

/** What an id may not have becomes a dash; the first character is a letter or a digit. */
export function asId(text: string): string {
  const plain = text.normalize("NFC").replaceAll(/[^0-9A-Za-z\u00c0-\u024f\u3005-\ud7ff._:/@#-]+/g, "-");
  const begun = plain.replace(/^[._:/@#-]+/, "");
  return begun.length <= MAX_CHARS ? begun : `${begun.slice(0, MAX_CHARS - 13)}#${shortHash(begun)}`;
}

/** Of a zone file's 128. */
const MAX_CHARS = 100;

/** Twelve hexadecimal digits that depend on all of a value and on nothing else. */
export function shortHash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12);
}
