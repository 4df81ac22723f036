import { at, intAt } from "../../core/at.ts";
import type { Plane } from "../../core/plane.ts";
import { excessM, planeAt } from "../../core/plane.ts";
import type { BoxGrid } from "./box-grid.ts";
import { ASK_TREE, boxGrid, searchGrid } from "./box-grid.ts";
import type { Box, BoxTree, UnitBox } from "./box-tree.ts";
import { boxTree, searchTree, unitBox } from "./box-tree.ts";
import type { PackedShapes, ShapeOfArea } from "./packed-shapes.ts";
import { PART, packShapes, radiusOf, shapesOf } from "./packed-shapes.ts";
import { depthOrDistance, findCores } from "./shape-distance.ts";
import type { Shape } from "../zone.ts";
import type { AreaRule } from "./zone-rules.ts";
import { farthestM } from "./zone-rules.ts";

/** An index over the shapes of many areas, built once. */
export interface AreaIndex {
  readonly shapes: PackedShapes;
  readonly tree: BoxTree;
  /** Over the tree, where it is faster. */
  readonly grid: BoxGrid | null;
  /** Tree item to part: a part over the antimeridian has a second box one turn away. */
  readonly itemPart: Int32Array;
  /** Room for what a search finds. */
  readonly found: Int32Array;
}

/**
 * Indexes areas, with the rule of each, where it has one. Boxes are grown by how far the area restricts beyond its
 * shapes, so that a search around the vehicle finds it without knowing the farthest of all.
 */
export function indexAreas(
  areas: readonly { readonly shapes: readonly Shape[] }[],
  rules: readonly AreaRule[],
): AreaIndex {
  const given = shapesOf(areas, rules);
  const boxes: Box[] = [];
  const shapeOfItem: number[] = [];
  for (const [i, { shape, box: own, rule }] of given.entries()) {
    const radiusM = shape.kind === "circle" ? shape.radiusM : 0;
    for (const atTurn of itemBoxes(own, radiusM + farthestM(rule))) {
      boxes.push(atTurn);
      shapeOfItem.push(i);
    }
  }
  const tree = boxTree(boxes);
  const { order, itemPart } = inOrderOf(tree, shapeOfItem, given);
  const shapes = packShapes(order);
  findCores(shapes);
  return indexOf({ shapes, tree, itemPart });
}

/** With what only saves time: it is made again for an index that was stored. */
export function indexOf(stored: Pick<AreaIndex, "shapes" | "tree" | "itemPart">): AreaIndex {
  const { tree, itemPart } = stored;
  // A search that crosses the antimeridian looks twice, and may find each item both times.
  return { ...stored, grid: boxGrid(tree, itemPart), found: new Int32Array(2 * itemPart.length) };
}

/** The same shapes with every rule reaching `byM` farther; views of none stay so. */
export function widenIndex({ shapes }: AreaIndex, byM: number): AreaIndex {
  const parts = shapes.parts.slice();
  const boxes: Box[] = [];
  const partOfItem: number[] = [];
  for (let part = 0; part < shapes.partCount; part++) {
    const record = parts.subarray(PART.size * part, PART.size * (part + 1));
    const [standoffM, viewM] = [at(record, PART.standoffM) + byM, at(record, PART.viewM)];
    const rule = { standoffM, viewM: viewM > 0 ? viewM + byM : 0 };
    record.set([rule.standoffM, rule.viewM], PART.standoffM);
    const [west, south, east, north] = [at(record, 0), at(record, 1), at(record, 2), at(record, 3)];
    for (const atTurn of itemBoxes({ west, south, east, north }, radiusOf(shapes, part) + farthestM(rule))) {
      boxes.push(atTurn);
      partOfItem.push(part);
    }
  }
  return indexOf({
    shapes: { ...shapes, parts },
    tree: boxTree(boxes),
    itemPart: Int32Array.from(partOfItem),
  });
}

/** The boxes of a shape's items: all places from where it matters lie within `marginM` of it, and so in one of them. */
function itemBoxes(own: Box, marginM: number): Box[] {
  return turnsOf(grownBox(own, marginM));
}

/** The box wherever it, or a part of it, lies within [−180, 180]. */
export function turnsOf(box: Box): Box[] {
  if (box.west > -180 && box.east < 180) return [box];
  const turns = [box, turned(box, -360), turned(box, 360)];
  return turns.filter(({ west, east }) => west <= 180 && east >= -180);
}

/** Shapes in the order of the tree's leaves: what is near on earth is near in memory, too. */
function inOrderOf({ indices }: BoxTree, shapeOfItem: readonly number[], given: readonly ShapeOfArea[]) {
  const partOfShape = new Int32Array(given.length).fill(-1);
  const order: ShapeOfArea[] = [];
  for (const item of indices.subarray(0, shapeOfItem.length)) {
    const shape = shapeOfItem[item] ?? 0;
    const next = given[shape];
    if (next !== undefined && intAt(partOfShape, shape) < 0) partOfShape[shape] = order.push(next) - 1;
  }
  return { order, itemPart: Int32Array.from(shapeOfItem, (shape) => intAt(partOfShape, shape)) };
}

/**
 * The parts whose area, with its margin, may come within `radiusM` of the plane's origin: all that do, and some
 * that do not; a part may be named twice. Returns how many; they stand in `index.found` until the next call.
 */
export function partsNear(index: AreaIndex, plane: Plane, radiusM: number): number {
  const { grid, found } = index;
  const box = boxAround(plane, radiusM);
  const units = unitBox(box);
  // All items reach into [−180, 180]: a box beyond both of its ends finds every item at once.
  if (box.west < -180 && box.east <= 180) return treeParts(index, units, unitBox(turned(box, 360)));
  if (box.east > 180 && box.west >= -180) return treeParts(index, units, unitBox(turned(box, -360)));
  const count = grid === null ? ASK_TREE : searchGrid(grid, units, found);
  return count === ASK_TREE ? treeParts(index, units, null) : count;
}

/** By the tree, for a box, and for what of it lies one turn away. */
function treeParts({ tree, found, itemPart }: AreaIndex, box: UnitBox, turnedBox: UnitBox | null): number {
  let count = searchTree(tree, box, found);
  if (turnedBox !== null) count += searchTree(tree, turnedBox, found.subarray(count));
  for (let i = 0; i < count; i++) found[i] = intAt(itemPart, intAt(found, i));
  return count;
}

/** The number of the area that a part belongs to. */
export function areaOf({ parts }: PackedShapes, part: number): number {
  return at(parts, PART.size * part + PART.area);
}

/** One area near a place; `distanceM` is signed, ≤ 0 inside. */
export interface AreaDistance {
  readonly area: number;
  readonly distanceM: number;
}

/** All areas whose signed distance to the plane's origin is at most `radiusM`, nearest first; margins play no part. */
export function areasWithin(index: AreaIndex, plane: Plane, radiusM: number): AreaDistance[] {
  const nearest = new Map<number, number>();
  // Distances are told nearer than they may be, by so much.
  const lookM = radiusM + 2 * excessM(plane, radiusM);
  for (const part of index.found.slice(0, partsNear(index, plane, lookM))) {
    const distanceM = depthOrDistance(index.shapes, part, plane, UNLIMITED_M);
    const area = areaOf(index.shapes, part);
    if (distanceM <= Math.min(radiusM, nearest.get(area) ?? Infinity)) nearest.set(area, distanceM);
  }
  const found = Array.from(nearest, ([area, distanceM]) => ({ area, distanceM }));
  return found.toSorted((a, b) => a.distanceM - b.distanceM);
}

/** More than half round the earth: every edge counts. */
const UNLIMITED_M = 2.1e7;

/** Degrees lost to rounding when longitudes are shifted by a turn: far above 360 · 2⁻⁵², far below a millimetre. */
const ROUNDING_DEG = 1e-9;

/** At the equator, where a degree of latitude is shortest: 110,574.3 m on WGS 84. */
const MIN_METRES_PER_DEG_LAT = 110_574;

/** The box with `marginM` added on all sides: never less than that, at any latitude. */
export function grownBox({ west, south, east, north }: Box, marginM: number): Box {
  const dLat = marginM / MIN_METRES_PER_DEG_LAT + ROUNDING_DEG;
  const farthest = Math.max(Math.abs(south - dLat), Math.abs(north + dLat));
  const perDeg = farthest < 90 ? planeAt({ latDeg: farthest, lonDeg: 0 }).xPerDeg : 0;
  // Round a pole every longitude is near.
  const dLon = perDeg > 0 ? Math.min(360, marginM / perDeg + ROUNDING_DEG) : 360;
  return { west: west - dLon, south: south - dLat, east: east + dLon, north: north + dLat };
}

/**
 * The box around the plane's origin, as `grownBox` makes it, from what the plane knows already: with δ the radius as
 * an angle, cos (φ + δ) ≥ cos φ · (1 − δ²/2 − δ tan φ), and the ellipsoid's N only grows towards the poles.
 */
function boxAround(plane: Plane, radiusM: number): Box {
  const { latDeg, lonDeg } = plane;
  const dLat = radiusM / MIN_METRES_PER_DEG_LAT + ROUNDING_DEG;
  const angle = (dLat * Math.PI) / 180;
  const share = 1 - angle * (angle / 2 + Math.abs(plane.xPerY) * MAX_DIAMETER_M);
  if (!(share > 0.5)) return grownBox({ west: lonDeg, south: latDeg, east: lonDeg, north: latDeg }, radiusM);
  const dLon = radiusM / (plane.xPerDeg * share) + ROUNDING_DEG;
  return { west: lonDeg - dLon, south: latDeg - dLat, east: lonDeg + dLon, north: latDeg + dLat };
}

/** Twice the greatest N of WGS 84: `xPerY` times this is more than tan φ. */
const MAX_DIAMETER_M = 12_799_190;

function turned(box: Box, byDeg: number): Box {
  return { ...box, west: box.west + byDeg, east: box.east + byDeg };
}
