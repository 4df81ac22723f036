import type { Zone } from "../../zones/zone.ts";
import type { MapFrame, Point } from "./map-frame.ts";
import { UNITS_PER_M } from "./map-frame.ts";
import type { Markup } from "./markup.ts";
import { markup } from "./markup.ts";

/** So many zones are named on the map; all are in their tooltips. */
const MAX_LABELS = 30;
const MAX_CHARS = 28;
/** Room for a label, in pixels of the whole map. */
const LINE = 15;
const CHAR = 6.5;

/** The names of zones above them, where there is room: the first ones first. */
export function zoneLabels(zones: readonly Zone[], frame: MapFrame): Markup {
  const taken: Box[] = [];
  const labels: Markup[] = [];
  for (const { id, category, shapes } of zones) {
    const place = topOf(shapes, frame);
    const text = id.length > MAX_CHARS ? `${id.slice(0, MAX_CHARS - 1)}…` : id;
    const half = (Math.max(text.length, category.length) * CHAR * frame.pixel) / 2;
    const top = place.y - 2.4 * LINE * frame.pixel;
    const box = { west: place.x - half, east: place.x + half, north: top, south: place.y };
    const fits = box.west > 0 && box.east < frame.width && top > 0 && box.south < frame.height;
    if (!fits || taken.some((other) => meets(box, other))) continue;
    taken.push(box);
    labels.push(labelAt(place, text, category));
    if (labels.length === MAX_LABELS) break;
  }
  return markup`<g class="labels" aria-hidden="true">${labels}</g>`;
}

interface Box {
  readonly west: number;
  readonly east: number;
  readonly north: number;
  readonly south: number;
}

function meets(a: Box, b: Box): boolean {
  return a.west < b.east && b.west < a.east && a.north < b.south && b.north < a.south;
}

function labelAt({ x, y }: Point, id: string, category: string): Markup {
  return markup`<g transform="translate(${Math.round(x)} ${Math.round(y)})">
    <g class="fixed"><text y="-20">${id}</text><text y="-7" class="soft">${category}</text></g>
  </g>`;
}

/** The middle of the northern edge of the first shape. */
function topOf([shape]: Zone["shapes"], frame: MapFrame): Point {
  if (shape === undefined) return { x: -1, y: -1 };
  if (shape.kind === "circle") {
    const { x, y } = frame.pointAt(shape.latDeg, shape.lonDeg, frame.turnOf(shape.lonDeg));
    return { x, y: y - shape.radiusM * UNITS_PER_M };
  }
  const ring = shape.rings[0] ?? new Float64Array();
  let [west, east, north] = [Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < ring.length; i += 2) {
    west = Math.min(west, ring[i] ?? west);
    east = Math.max(east, ring[i] ?? east);
    north = Math.max(north, ring[i + 1] ?? north);
  }
  return frame.pointAt(north, (west + east) / 2, frame.turnOf(ring[0] ?? 0));
}
