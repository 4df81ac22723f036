import type { Zone } from "../../zones/zone.ts";
import { CATEGORIES } from "../../zones/zone.ts";
import type { Markup } from "./markup.ts";
import { markup } from "./markup.ts";

export function legend(keys: readonly Markup[]): Markup {
  return markup`<ul class="legend">${keys}</ul>`;
}

/** The categories that there are. */
export function categoryKeys(zones: readonly Zone[]): readonly Markup[] {
  const names = CATEGORIES.filter((name) => zones.some(({ category }) => category === name));
  return names.map((name) => key(box(`key-zone ${name}`), name));
}

/** Edges and surroundings of zones, where there are any. */
export function surroundingKeys(zones: readonly Zone[]): readonly Markup[] {
  if (zones.length === 0) return [];
  const blurs = zones.some(({ action }) => action === "blur");
  const dashed = key(box("key-zone to-blur other"), "dashed edge: blurs instead of dropping");
  return [
    ...(blurs ? [dashed] : []),
    key(box("key-standoff"), "standoff"),
    key(box("key-view"), "view range"),
  ];
}

export function key(shape: Markup, text: string): Markup {
  return markup`<li><svg viewBox="0 0 26 14" aria-hidden="true">${shape}</svg>${text}</li>`;
}

export function line(name: string): Markup {
  return markup`<path class="${name}" d="M2 7h22" />`;
}

function box(name: string): Markup {
  return markup`<rect class="${name}" x="2" y="1" width="22" height="12" />`;
}
