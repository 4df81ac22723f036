import type { MapFrame, Point } from "../report/map-frame.ts";
import type { Markup } from "../report/markup.ts";
import { markup } from "../report/markup.ts";
import type { Stop } from "./way.ts";

/** About so many arrows along the width of the map, and none nearer to another than a quarter of that. */
const ARROWS = 16;
/** Shorter steps than so many pixels have no direction of their own. */
const MIN_STEP = 6;

/** Small arrows that say which way the track was driven. */
export function arrows(way: readonly Stop[], { width, pixel }: MapFrame): Markup {
  const every = width / ARROWS;
  const placed: Point[] = [];
  const drawn: Markup[] = [];
  let from: Stop | undefined;
  let since = every / 2;
  for (const to of way) {
    if (from === undefined || to.join !== "way") from = to;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length < MIN_STEP * pixel) continue;
    since += length;
    const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    const isFree = placed.every(({ x, y }) => Math.hypot(x - middle.x, y - middle.y) > every / 4);
    if (since >= every && isFree) {
      placed.push(middle);
      drawn.push(arrow(middle, Math.atan2(to.y - from.y, to.x - from.x)));
      since = 0;
    }
    from = to;
  }
  return markup`<g class="arrows">${drawn}</g>`;
}

function arrow({ x, y }: Point, turnRad: number): Markup {
  const turnDeg = Math.round((turnRad * 180) / Math.PI);
  return markup`<g transform="translate(${Math.round(x)} ${Math.round(y)})rotate(${turnDeg})"><path class="fixed" d="M-3-4 3 0-3 4" /></g>`;
}
