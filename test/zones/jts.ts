import { planeAt } from "../../src/core/plane.ts";
import type { Position } from "../../src/core/position.ts";
import { distanceTo } from "../../src/zones/index/shape-distance.ts";
import type { Shape } from "../../src/zones/zone.ts";
import { packed } from "./random-shapes.ts";

/** Reads the cases of a JTS test file that are about points and polygons. */

export interface JtsCase {
  readonly name: string;
  readonly points: readonly Position[];
  readonly polygons: readonly Shape[];
  /** Whether geometry A is the points. */
  readonly pointsFirst: boolean;
  readonly checks: readonly JtsCheck[];
}

export interface JtsCheck {
  readonly name: string;
  /** Whether geometry A comes first. */
  readonly swapped: boolean;
  readonly argument: string;
  readonly expected: string;
}

/** A unit of a case in metres: at the equator the plane is a plane over so few. */
const UNIT_M = 1;
const ORIGIN = planeAt({ latDeg: 0, lonDeg: 0 });

export function jtsCases(xml: string, file: string): JtsCase[] {
  return [...xml.matchAll(/<case>([\s\S]*?)<\/case>/g)].flatMap(([, text = ""]) => {
    const [a, b] = [textOf(text, "a"), textOf(text, "b")];
    const pointsFirst = /^(MULTI)?POINT\b/.test(a);
    const [points, polygons] = pointsFirst ? [a, b] : [b, a];
    if (!/^(MULTI)?POINT\b/.test(points) || !/^(MULTI)?POLYGON\b/.test(polygons)) return [];
    if (!polygons.includes("(")) return []; // an empty polygon is no zone
    const name = `${file}: ${textOf(text, "desc")}`;
    return [
      { name, points: pointsOf(points), polygons: polygonsOf(polygons), pointsFirst, checks: checksOf(text) },
    ];
  });
}

/** Metres from a place to the nearest of the shapes, in units of the case. */
export function areaOf(shapes: readonly Shape[], place: Position): number {
  const all = packed(...shapes);
  return Math.min(...shapes.map((_, part) => distanceTo(all, part, planeAt(place), 2e7))) / UNIT_M;
}

function textOf(xml: string, tag: string): string {
  return (new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(xml)?.[1] ?? "").replaceAll(/\s+/g, " ").trim();
}

function checksOf(xml: string): JtsCheck[] {
  return [...xml.matchAll(/<op ([^>]*)>([\s\S]*?)<\/op>/g)].map(([, attributes = "", expected = ""]) => {
    const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
    const swapped = attribute("arg1") === "B";
    return { name: attribute("name"), swapped, argument: attribute("arg3"), expected: expected.trim() };
  });
}

function numbersOf(text: string): number[] {
  return (text.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
}

function pointsOf(wkt: string): Position[] {
  return pairsOf(numbersOf(wkt)).map(([lonDeg, latDeg]) => ({ lonDeg, latDeg }));
}

function polygonsOf(wkt: string): Shape[] {
  const polygons = wkt.startsWith("MULTI")
    ? (wkt.match(/\(\s*\([^()]*\)(\s*,\s*\([^()]*\))*\s*\)/g) ?? [])
    : [wkt];
  return polygons.map((polygon) => ({
    kind: "polygon",
    rings: (polygon.match(/\([^()]*\)/g) ?? []).map((ring) =>
      Float64Array.from(pairsOf(numbersOf(ring)).flat()),
    ),
  }));
}

/** Planar coordinates as degrees at the equator. */
function pairsOf(numbers: readonly number[]): [number, number][] {
  return Array.from({ length: numbers.length / 2 }, (_, i) => [
    ((numbers[2 * i] ?? 0) * UNIT_M) / ORIGIN.xPerDeg,
    ((numbers[2 * i + 1] ?? 0) * UNIT_M) / ORIGIN.yPerDeg,
  ]);
}
