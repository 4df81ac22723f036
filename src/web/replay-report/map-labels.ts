import type { Zone } from "../../zones/zone.ts";
import type { MapFrame, Point } from "./map-frame.ts";
import { UNITS_PER_M } from "./map-frame.ts";
import type { Markup } from "./markup.ts";
import { markup } from "./markup.ts";

/** So many zones are named on the map; all are in their tooltips. */
const MAX_LABELS = 30;
const MAX_CHARS = 28;
/** Room for a label and a badge, in pixels of the whole map. */
const LABEL_HEIGHT = 36;
const CHAR_WIDTH = 6.5;
const BADGE_WIDTH = 24;
const BADGE_HEIGHT = 30;

/** The names of zones above or below them, where there is room beside the badges: the first zones first. */
export function zoneLabels(zones: readonly Zone[], frame: MapFrame, badges: readonly Point[]): Markup {
  const taken = badges.map((point) => boxAt(point, BADGE_WIDTH, -BADGE_HEIGHT, frame));
  const labels: Markup[] = [];
  for (const { id, category, shapes } of zones) {
    if (labels.length === MAX_LABELS) break;
    const text = id.length > MAX_CHARS ? `${id.slice(0, MAX_CHARS - 1)}…` : id;
    const width = Math.max(text.length, category.length) * CHAR_WIDTH;
    const { x, north, south } = extentOf(shapes, frame);
    for (const [y, height] of [
      [north, -LABEL_HEIGHT],
      [south, LABEL_HEIGHT],
    ] as const) {
      const box = boxAt({ x, y }, width, height, frame);
      if (!isOnMap(box, frame) || taken.some((other) => meets(box, other))) continue;
      taken.push(box);
      labels.push(labelAt({ x, y }, height < 0 ? -20 : 17, text, category));
      break;
    }
  }
  return markup`<g class="labels" aria-hidden="true">${labels}</g>`;
}

function labelAt({ x, y }: Point, line: number, id: string, category: string): Markup {
  return markup`<g transform="translate(${Math.round(x)} ${Math.round(y)})">
    <g class="fixed"><text y="${line}">${id}</text><text y="${line + 13}" class="soft">${category}</text></g>
  </g>`;
}

interface Box {
  readonly west: number;
  readonly east: number;
  readonly north: number;
  readonly south: number;
}

/** The box of so many pixels over or, with a positive height, under a point. */
function boxAt({ x, y }: Point, width: number, height: number, { pixel }: MapFrame): Box {
  const [half, end] = [(width * pixel) / 2, y + height * pixel];
  return { west: x - half, east: x + half, north: Math.min(y, end), south: Math.max(y, end) };
}

function isOnMap({ west, east, north, south }: Box, { width, height }: MapFrame): boolean {
  return west > 0 && east < width && north > 0 && south < height;
}

function meets(a: Box, b: Box): boolean {
  return a.west < b.east && b.west < a.east && a.north < b.south && b.north < a.south;
}

/** The middle, and the northern and southern end, of a zone's first shape. */
function extentOf([shape]: Zone["shapes"], frame: MapFrame) {
  if (shape === undefined) return { x: -1, north: -1, south: -1 };
  if (shape.kind === "circle") {
    const { x, y } = frame.pointAt(shape.latDeg, shape.lonDeg, frame.turnOf(shape.lonDeg));
    return { x, north: y - shape.radiusM * UNITS_PER_M, south: y + shape.radiusM * UNITS_PER_M };
  }
  const ring = shape.rings[0] ?? new Float64Array();
  let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const { x, y } = frame.pointAt(ring[i + 1] ?? 0, ring[i] ?? 0, frame.turnOf(ring[0] ?? 0));
    [west, east] = [Math.min(west, x), Math.max(east, x)];
    [north, south] = [Math.min(north, y), Math.max(south, y)];
  }
  return { x: (west + east) / 2, north, south };
}
