import type { MapFrame, Point } from "../report/map-frame.ts";
import type { Markup } from "../report/markup.ts";
import { markup } from "../report/markup.ts";
import type { Visit } from "./visits.ts";
import { pointAt } from "./way-slice.ts";
import type { Stop } from "./way.ts";
import type { TimeText } from "./wording.ts";

/** So many visits are marked on the map and the strip, and listed. */
export const MAX_VISITS_SHOWN = 40;
/** A badge's width in pixels. */
const BADGE = 19;

/** Numbered badges where the drive came to a zone, small rings where it left it; the numbers are the table's. */
export function visitMarks(
  visits: readonly Visit[],
  way: readonly Stop[],
  frame: MapFrame,
  timeText: TimeText,
): Markup {
  const taken: Point[] = [];
  const marks = visits.slice(0, MAX_VISITS_SHOWN).flatMap((visit, i) => {
    const [entered, left] = [pointAt(way, visit.atMs), pointAt(way, visit.untilMs)];
    if (entered === null || left === null) return [];
    const place = freePlace(entered, taken, frame);
    taken.push(place.at);
    const leftText = `${i + 1}: left ${visit.zone}, ${timeText(visit.toMs)}`;
    const cameText = `${i + 1}: came to ${visit.zone}, ${timeText(visit.fromMs)}`;
    return [ring(left, leftText), badge(entered, place.dx, i + 1, cameText)];
  });
  return markup`<g class="marks">${marks}</g>`;
}

/** Where the badges stand. */
export function visitPoints(visits: readonly Visit[], way: readonly Stop[]): readonly Point[] {
  return visits.slice(0, MAX_VISITS_SHOWN).flatMap(({ atMs }) => pointAt(way, atMs) ?? []);
}

/** Beside the badges that stand there already. */
function freePlace(point: Point, taken: readonly Point[], { pixel }: MapFrame) {
  for (let dx = 0; ; dx += BADGE) {
    const at = { x: point.x + dx * pixel, y: point.y };
    const isFree = taken.every(({ x, y }) => Math.hypot(x - at.x, y - at.y) >= 0.9 * BADGE * pixel);
    if (isFree) return { at, dx };
  }
}

function badge(point: Point, dx: number, number: number, text: string): Markup {
  return markup`<g transform="${moved(point)}">
    <title>${text}</title>
    <g class="fixed badge"><path d="M0 0v-10" /><circle cx="${dx}" cy="-17" r="8.5" /><text x="${dx}" y="-13.2">${number}</text></g>
  </g>`;
}

function ring(point: Point, text: string): Markup {
  return markup`<g transform="${moved(point)}"><title>${text}</title><circle class="fixed left" r="4" /></g>`;
}

/** Where the drive began and ended, as far as is known. */
export function ends(way: readonly Stop[]): Markup {
  const [first, last] = [way[0], way.at(-1)];
  if (first === undefined || last === undefined) return markup``;
  // Names stand on the sides that face away from each other.
  const start = end(first, "Start", markup`<circle r="6" />`, first.x <= last.x);
  const square = markup`<rect x="-5.5" y="-5.5" width="11" height="11" />`;
  const stop = end(last, "End", square, first.x > last.x);
  return markup`<g class="ends">${start}${stop}</g>`;
}

function end(point: Point, name: string, shape: Markup, isWest: boolean): Markup {
  const side = isWest ? markup`x="-11" text-anchor="end"` : markup`x="11"`;
  return markup`<g transform="${moved(point)}">
    <title>${name}</title>
    <g class="fixed">${shape}<text ${side} y="4">${name}</text></g>
  </g>`;
}

function moved({ x, y }: Point): string {
  return `translate(${Math.round(x)} ${Math.round(y)})`;
}
