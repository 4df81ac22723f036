import type { Shape, Zone } from "../../zones/zone.ts";
import type { MapFrame, Point } from "./map-frame.ts";
import { UNITS_PER_M, pathOf } from "./map-frame.ts";
import type { Markup } from "./markup.ts";
import { markup } from "./markup.ts";

/** Vertices nearer than this to the one before are left out, more of them when the text would grow too long. */
const TOLERANCE = 0.5 * UNITS_PER_M;
const MAX_CHARS = 300_000;

/**
 * Zones from the ground up: view ranges, standoffs, the areas themselves. Standoff and view range are strokes of twice
 * the width, which is exactly the set of places within that distance.
 */
export function zonesOnMap(zones: readonly Zone[], frame: MapFrame, marks: ZoneMarks = NO_MARKS): Markup {
  const shapes = shapesOf(zones, frame);
  const areas = zones.map((zone, i) => ({ zone, id: `z${i}`, mark: marks.get(zone) }));
  // What is no more lies under what is.
  const fromBelow = areas.toSorted((a, b) => Number(b.mark === "before") - Number(a.mark === "before"));
  const widths = (which: (zone: Zone) => number) => fromBelow.map((area) => around(area, which(area.zone)));
  return markup`<defs>${shapes.map((shape, i) => markup`<g id="z${i}">${shape}</g>`)}</defs>
    <g class="view">${widths(({ standoffM, viewM }) => (viewM > standoffM ? viewM : 0))}</g>
    <g class="standoff">${widths(({ standoffM }) => standoffM)}</g>
    <g class="zones">${areas.map(outline)}</g>`;
}

/** Which zones stand so in one of two sets only. */
export type ZoneMarks = ReadonlyMap<Zone, "before" | "after">;
const NO_MARKS: ZoneMarks = new Map();
const MARK_TEXT = { before: "so only in the set of before", after: "so only in the new set" } as const;

interface Area {
  readonly zone: Zone;
  readonly id: string;
  readonly mark: "before" | "after" | undefined;
}

function around(area: Area, withinM: number): Markup {
  const width = Math.round(2 * withinM * UNITS_PER_M);
  if (width === 0) return markup``;
  return markup`<use href="#${area.id}" class="${classOf(area)}" stroke-width="${width}" />`;
}

function outline(area: Area): Markup {
  const { zone, id, mark } = area;
  const text = mark === undefined ? zoneText(zone) : `${zoneText(zone)}; ${MARK_TEXT[mark]}`;
  return markup`<g class="${classOf(area)} to-${zone.action}"><title>${text}</title><use href="#${id}" /></g>`;
}

function classOf({ zone, mark }: Area): string {
  return mark === undefined ? zone.category : `${zone.category} only-${mark}`;
}

/** `sample/fort: military, drop, standoff 25 m, view 250 m` */
export function zoneText({ id, category, action, standoffM, viewM, cameras, schedule }: Zone): string {
  const parts = [category, action, `standoff ${Math.round(standoffM)} m`];
  if (viewM > 0) parts.push(`view ${Math.round(viewM)} m`);
  if (cameras !== null) parts.push(`cameras ${cameras.join(", ")}`);
  if (schedule !== null) parts.push("at scheduled times");
  return `${id}: ${parts.join(", ")}`;
}

function shapesOf(zones: readonly Zone[], frame: MapFrame): readonly Markup[] {
  for (let tolerance = TOLERANCE; ; tolerance *= 4) {
    const drawn = zones.map((zone) => zone.shapes.flatMap((shape) => shapeOf(shape, frame, tolerance)));
    const chars = drawn.flat().reduce((sum, { html }) => sum + html.length, 0);
    if (chars <= MAX_CHARS || tolerance > frame.width) return drawn.map((parts) => markup`${parts}`);
  }
}

function shapeOf(shape: Shape, frame: MapFrame, tolerance: number): readonly Markup[] {
  if (shape.kind === "circle") {
    const { x, y } = frame.pointAt(shape.latDeg, shape.lonDeg, frame.turnOf(shape.lonDeg));
    const r = shape.radiusM * UNITS_PER_M;
    if (!isNear(frame, [x - r, x + r], [y - r, y + r])) return [];
    return [markup`<circle cx="${Math.round(x)}" cy="${Math.round(y)}" r="${Math.round(r)}" />`];
  }
  const rings = shape.rings.map((ring) => pointsOf(ring, frame, tolerance));
  const shell = rings[0] ?? [];
  const [xs, ys] = [rangeOf(shell.map(({ x }) => x)), rangeOf(shell.map(({ y }) => y))];
  if (!isNear(frame, xs, ys)) return [];
  return [markup`<path d="${rings.map((ring) => pathOf(ring, true)).join("")}" />`];
}

/** Parts of a zone that are more than a map's width away are left out. */
function isNear({ width, height }: MapFrame, [west, east]: Range, [north, south]: Range): boolean {
  return east > -width && west < 2 * width && south > -height && north < 2 * height;
}

type Range = readonly [number, number];

function rangeOf(values: readonly number[]): Range {
  return values.reduce<Range>(
    ([low, high], v) => [Math.min(low, v), Math.max(high, v)],
    [Infinity, -Infinity],
  );
}

function pointsOf(ring: Float64Array, frame: MapFrame, tolerance: number): readonly Point[] {
  const points: Point[] = [];
  const turnDeg = frame.turnOf(ring[0] ?? 0);
  let last: Point = { x: Infinity, y: Infinity };
  for (let i = 0; i + 3 < ring.length; i += 2) {
    const point = frame.pointAt(ring[i + 1] ?? 0, ring[i] ?? 0, turnDeg);
    if (Math.hypot(point.x - last.x, point.y - last.y) < tolerance) continue;
    points.push(point);
    last = point;
  }
  return points;
}
