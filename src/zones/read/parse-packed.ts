import { randomBytes } from "node:crypto";
import { isJsonObject } from "../check/json-object.ts";
import { mayHaveDuplicateKeys } from "./duplicate-keys.ts";
import { decodeText } from "./decode-text.ts";
import { packCoordinates, type PackedList } from "./pack-coordinates.ts";

/**
 * The value of a zone file, as `JSON.parse` gives it except that every ring of a geometry is a `Float64Array`. Undefined where
 * there is the least doubt (no JSON, a name twice, odd coordinates): then `JSON.parse` has to say what the text means.
 */
export function parsePacked(bytes: Buffer): unknown {
  // Random, so that no text can contain it, however it is spelt.
  const placeholder = `~${randomBytes(6).toString("base64url")}`;
  const packed = packCoordinates(bytes, JSON.stringify(placeholder));
  const value = packed ? parseQuietly(packed.skeleton) : undefined;
  if (!packed || value === undefined || mayHaveDuplicateKeys(packed.skeleton, value)) return undefined;
  return putBack(value, packed.lists, placeholder) ? value : undefined;
}

function parseQuietly(bytes: Buffer): unknown {
  const text = decodeText(bytes);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Puts the lists into the geometries of the features, in the order of the text. False unless every list finds its place:
 * lists elsewhere, in members that begin with `x-`, leave one over.
 */
function putBack(file: unknown, lists: readonly PackedList[], placeholder: string): boolean {
  const features = isJsonObject(file) ? file["features"] : null;
  if (!Array.isArray(features)) return false;
  let next = 0;
  for (const feature of features) {
    const geometry: unknown = isJsonObject(feature) ? feature["geometry"] : null;
    if (isJsonObject(geometry) && geometry["coordinates"] === placeholder)
      Object.assign(geometry, { coordinates: lists[next++] });
  }
  return next === lists.length;
}
