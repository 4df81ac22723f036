import { isJsonObject } from "./json-object.ts";
import { repairedOrder, type Repairs } from "../convert/repair-ring.ts";
import { locate } from "./locate.ts";
import type { Step } from "./mistake.ts";

/** A zone file with its rings repaired, and how many were. */
export interface FixedText {
  readonly text: string;
  readonly repairs: Repairs;
}

/**
 * Repairs the rings of a zone file where there is no doubt about the area: open rings are closed, repeated positions left out,
 * and rings turned as RFC 7946 has them. Only the repaired rings change in the text; their positions keep their digits.
 * Null for what is no JSON.
 */
export function fixZoneFile(text: string): FixedText | null {
  const repairs: Repairs = { closed: 0, repeated: 0, rewound: 0 };
  const value = parseQuietly(text);
  if (value === undefined) return null;
  const wanted = ringsOf(value).flatMap(({ path, ring, isShell }) => {
    const order = repairedOrder(ring, isShell, repairs);
    return isUnchanged(order, ring.length) ? [] : [{ path, order }];
  });
  const offsets = locate(
    text,
    wanted.map(({ path }) => path),
  );
  const edits = wanted
    .map(({ order }, index) => ({ order, start: offsets[index] ?? 0 }))
    .toSorted((a, b) => a.start - b.start);
  let [fixed, copied] = ["", 0];
  for (const { order, start } of edits) {
    const end = endOfRing(text, start);
    fixed += text.slice(copied, start) + reordered(text.slice(start, end), order);
    copied = end;
  }
  return { text: fixed + text.slice(copied), repairs };
}

function parseQuietly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isUnchanged = (order: readonly number[], length: number) =>
  order.length === length && order.every((index, at) => index === at);

interface FoundRing {
  readonly path: readonly Step[];
  readonly ring: readonly (readonly number[])[];
  readonly isShell: boolean;
}

function ringsOf(file: unknown): readonly FoundRing[] {
  const features = isJsonObject(file) && Array.isArray(file["features"]) ? file["features"] : [];
  return features.flatMap((feature: unknown, index) => {
    const geometry = isJsonObject(feature) ? feature["geometry"] : null;
    if (!isJsonObject(geometry) || !Array.isArray(geometry["coordinates"])) return [];
    const list: readonly unknown[] = geometry["coordinates"];
    const path = ["features", index, "geometry", "coordinates"];
    if (geometry["type"] === "Polygon") return ringsIn(list, path);
    return geometry["type"] === "MultiPolygon"
      ? list.flatMap((part, at) => ringsIn(part, [...path, at]))
      : [];
  });
}

function ringsIn(polygon: unknown, path: readonly Step[]): readonly FoundRing[] {
  if (!Array.isArray(polygon)) return [];
  return polygon.flatMap((ring: unknown, index) =>
    isRing(ring) ? [{ path: [...path, index], ring, isShell: index === 0 }] : [],
  );
}

const isRing = (value: unknown): value is readonly (readonly number[])[] =>
  Array.isArray(value) && value.length >= 3 && value.every(isPosition);

const isPosition = (value: unknown) =>
  Array.isArray(value) && value.length >= 2 && value.every((each) => typeof each === "number");

/** After the bracket that closes the ring: positions hold numbers only, so that the second `]` in a row does. */
function endOfRing(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "[") depth += 1;
    else if (text[at] === "]" && --depth === 0) return at + 1;
  }
  return text.length;
}

/** The ring's text with its positions in another order, laid out as before. */
function reordered(ring: string, order: readonly number[]): string {
  const positions = [...ring.matchAll(/\[[^[\]]*\]/g)];
  const [first, second, last] = [positions[0], positions[1], positions.at(-1)];
  if (!first || !second || !last) return ring;
  const between = ring.slice(first.index + first[0].length, second.index);
  const texts = order.map((index) => positions[index]?.[0] ?? "");
  return ring.slice(0, first.index) + texts.join(between) + ring.slice(last.index + last[0].length);
}
