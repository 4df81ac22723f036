import type { Zone } from "../../zones/zone.ts";
import type { MapFrame, Point } from "./map-frame.ts";
import { UNITS_PER_M } from "./map-frame.ts";
import type { Markup } from "./markup.ts";
import { markup } from "./markup.ts";

/** So many zones are named on the map; all are in their tooltips. */
const MAX_LABELS = 30;
const MAX_CHARS = 28;
/** Room for a label and a badge, in pixels of the whole map. */
const LABEL_HEIGHT = 28;
const CHAR_WIDTH = 6.5;
const BADGE_WIDTH = 24;
const BADGE_HEIGHT = 30;
/** The track is kept clear of in dots so many pixels apart. */
const DOT_EVERY = 12;

/** The names of zones beside them, where there is room beside track and badges: the first zones first. */
export function zoneLabels(
  zones: readonly Zone[],
  frame: MapFrame,
  badges: readonly Point[],
  way: readonly Point[],
): Markup {
  const taken = badges.map(({ x, y }) =>
    boxOf({ x, y, dx: 0, dy: -BADGE_HEIGHT / 2 }, BADGE_WIDTH, BADGE_HEIGHT, frame),
  );
  taken.push(
    ...dotsAlong(way, DOT_EVERY * frame.pixel).map((dot) => ({
      west: dot.x,
      east: dot.x,
      north: dot.y,
      south: dot.y,
    })),
  );
  const labels: Markup[] = [];
  for (const { id, category, shapes } of zones) {
    if (labels.length === MAX_LABELS) break;
    const text = id.length > MAX_CHARS ? `${id.slice(0, MAX_CHARS - 1)}…` : id;
    const width = Math.max(text.length, category.length) * CHAR_WIDTH;
    for (const place of placesBeside(extentOf(shapes, frame), width)) {
      const box = boxOf(place, width, LABEL_HEIGHT, frame);
      if (!isOnMap(box, frame) || taken.some((other) => meets(box, other))) continue;
      taken.push(box);
      labels.push(labelAt(place, text, category));
      break;
    }
  }
  return markup`<g class="labels" aria-hidden="true">${labels}</g>`;
}

/** The middle of a label: a point of the map, and so many pixels from it, which stay the same at every zoom. */
interface LabelPlace extends Point {
  readonly dx: number;
  readonly dy: number;
}

/** Above, below, right, left. */
function placesBeside({ west, east, north, south }: Box, width: number): readonly LabelPlace[] {
  const [x, y] = [(west + east) / 2, (north + south) / 2];
  const [dx, dy] = [width / 2 + 8, LABEL_HEIGHT / 2 + 4];
  return [
    { x, y: north, dx: 0, dy: -dy },
    { x, y: south, dx: 0, dy },
    { x: east, y, dx, dy: 0 },
    { x: west, y, dx: -dx, dy: 0 },
  ];
}

function labelAt({ x, y, dx, dy }: LabelPlace, id: string, category: string): Markup {
  return markup`<g transform="translate(${Math.round(x)} ${Math.round(y)})">
    <g class="fixed"><text x="${dx}" y="${dy - 2}">${id}</text><text x="${dx}" y="${dy + 11}" class="soft">${category}</text></g>
  </g>`;
}

function dotsAlong(way: readonly Point[], every: number): Point[] {
  return way.flatMap((to, i) => {
    const from = way[i - 1] ?? to;
    const pieces = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / every));
    return Array.from({ length: pieces }, (_, n) => ({
      x: to.x + ((from.x - to.x) * n) / pieces,
      y: to.y + ((from.y - to.y) * n) / pieces,
    }));
  });
}

interface Box {
  readonly west: number;
  readonly east: number;
  readonly north: number;
  readonly south: number;
}

function boxOf({ x, y, dx, dy }: LabelPlace, width: number, height: number, { pixel }: MapFrame): Box {
  const [left, top] = [x + (dx - width / 2) * pixel, y + (dy - height / 2) * pixel];
  return { west: left, east: left + width * pixel, north: top, south: top + height * pixel };
}

function isOnMap({ west, east, north, south }: Box, { width, height }: MapFrame): boolean {
  return west > 0 && east < width && north > 0 && south < height;
}

function meets(a: Box, b: Box): boolean {
  return a.west < b.east && b.west < a.east && a.north < b.south && b.north < a.south;
}

/** The box around a zone's first shape. */
function extentOf([shape]: Zone["shapes"], frame: MapFrame): Box {
  let box: Box = { west: Infinity, east: -Infinity, north: Infinity, south: -Infinity };
  if (shape === undefined) return box;
  if (shape.kind === "circle") {
    const { x, y } = frame.pointAt(shape.latDeg, shape.lonDeg, frame.turnOf(shape.lonDeg));
    const r = shape.radiusM * UNITS_PER_M;
    return { west: x - r, east: x + r, north: y - r, south: y + r };
  }
  const ring = shape.rings[0] ?? new Float64Array();
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const { x, y } = frame.pointAt(ring[i + 1] ?? 0, ring[i] ?? 0, frame.turnOf(ring[0] ?? 0));
    box = {
      west: Math.min(box.west, x),
      east: Math.max(box.east, x),
      north: Math.min(box.north, y),
      south: Math.max(box.south, y),
    };
  }
  return box;
}
