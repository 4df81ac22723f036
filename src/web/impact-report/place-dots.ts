import { countText } from "../report/count-text.ts";
import type { MapFrame, Point } from "../report/map-frame.ts";
import { UNITS_PER_M } from "../report/map-frame.ts";
import type { Markup } from "../report/markup.ts";
import { markup } from "../report/markup.ts";
import type { PlaceOnMap } from "./impact-map.ts";

/** So many squares from one to the next is still one way. */
const NEAR_SQUARES = 3;
/** Of wider ones each is a dot: lines between them would lead where nobody drove. */
const MAX_JOINED = 40 * UNITS_PER_M;
/** A dot is as wide as its square of the map, and never less than so many pixels. */
const SIZES_PX = { casing: 11, more: 8, less: 8, hole: 3 } as const;

/** Where the drives went: lines from place to place where the next is near, else dots. */
export function wayLines(way: readonly PlaceOnMap[], frame: MapFrame): Markup {
  let last: Point = { x: Infinity, y: Infinity };
  let path = "";
  for (const place of way) {
    const { x, y } = pointOf(place, frame);
    const size = sizeOf(place, frame);
    const isNear = size <= MAX_JOINED && Math.hypot(x - last.x, y - last.y) < NEAR_SQUARES * size;
    path += isNear ? `L${Math.round(x)} ${Math.round(y)}` : dotAt(place, frame);
    last = { x, y };
  }
  return markup`<path class="driven" d="${path}" />`;
}

/** Places where more is held back, and on top of them those where less is. */
export function changedDots(changed: readonly PlaceOnMap[], frame: MapFrame): Markup {
  const [more, less] = [changed.filter((place) => place.more > 0), changed.filter((place) => place.less > 0)];
  return markup`<g class="dots">${casing(changed, frame)}</g>
    <g class="dots places-more">${more.map((place) => dot("more", place, frame))}</g>
    <g class="dots places-less">${less.map((place) => markup`${dot("less", place, frame)}${dot("hole", place, frame)}`)}</g>`;
}

/** A ground for the dots, those of one size in one path. */
function casing(places: readonly PlaceOnMap[], frame: MapFrame): readonly Markup[] {
  return sizesOf(places, frame).map((size) => {
    const dots = places.filter((place) => sizeOf(place, frame) === size).map((place) => dotAt(place, frame));
    return markup`<path class="casing size-${size}" d="${dots.join("")}" />`;
  });
}

function dot(name: "more" | "less" | "hole", place: PlaceOnMap, frame: MapFrame): Markup {
  const title = name === "hole" ? null : markup`<title>${textOf(place)}</title>`;
  return markup`<path class="${name} size-${sizeOf(place, frame)}" d="${dotAt(place, frame)}">${title}</path>`;
}

/** `340 frames held back more, 12 less` */
function textOf({ more, less }: PlaceOnMap): string {
  const parts = [
    ...(more > 0 ? [`${countText(more)} frames held back more than before`] : []),
    ...(less > 0 ? [`${countText(less)} frames held back less than before`] : []),
  ];
  return parts.join("; ");
}

/** A line without length is drawn as a dot. */
function dotAt(place: PlaceOnMap, frame: MapFrame): string {
  const { x, y } = pointOf(place, frame);
  return `M${Math.round(x)} ${Math.round(y)}h0`;
}

export function pointOf({ latDeg, lonDeg }: PlaceOnMap, frame: MapFrame): Point {
  return frame.pointAt(latDeg, lonDeg, frame.turnOf(lonDeg));
}

function sizesOf(places: readonly PlaceOnMap[], frame: MapFrame): readonly number[] {
  return [...new Set(places.map((place) => sizeOf(place, frame)))];
}

/** The width of a square in the middle of the map, in its units: grids have few. */
function sizeOf({ widthDeg }: PlaceOnMap, { plane }: MapFrame): number {
  return Math.round(widthDeg * plane.xPerDeg * UNITS_PER_M);
}

/** The rules for the sizes that there are. */
export function dotStyle(places: readonly PlaceOnMap[], frame: MapFrame): string {
  const names = Object.entries(SIZES_PX);
  const rules = sizesOf(places, frame).flatMap((size) =>
    names.map(([name, px]) => {
      const share = name === "hole" ? 0.4 : name === "casing" ? 1.2 : 1;
      return `.${name}.size-${size}{stroke-width:max(calc(${px}px * var(--unit)),${Math.round(share * size)}px)}`;
    }),
  );
  return rules.join("\n");
}
