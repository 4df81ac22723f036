import type { Zone } from "../../zones/zone.ts";
import { CATEGORIES } from "../../zones/zone.ts";
import type { Markup } from "./markup.ts";
import { markup } from "./markup.ts";

/** What the map's lines and areas mean; categories and edges only where there are any. */
export function mapLegend(zones: readonly Zone[]): Markup {
  const categories = CATEGORIES.filter((name) => zones.some(({ category }) => category === name));
  const keys = [
    key(line("pass"), "passed"),
    key(line("blur"), "blurred"),
    key(line("drop"), "dropped"),
    key(line("unknown"), "place unknown, dropped"),
    ...categories.map((name) => key(box(`key-zone ${name}`), name)),
  ];
  if (zones.some(({ action }) => action === "blur"))
    keys.push(key(box("key-zone to-blur other"), "dashed edge: blurs instead of dropping"));
  if (zones.length > 0) keys.push(key(box("key-standoff"), "standoff"), key(box("key-view"), "view range"));
  keys.push(key(BADGE, "came to a zone"), key(LEFT, "left it"));
  return markup`<ul class="legend">${keys}</ul>`;
}

const BADGE = markup`<g class="badge"><circle cx="13" cy="7" r="6.5" /><text x="13" y="10.5">1</text></g>`;
const LEFT = markup`<circle class="left" cx="13" cy="7" r="4" />`;

function key(shape: Markup, text: string): Markup {
  return markup`<li><svg viewBox="0 0 26 14" aria-hidden="true">${shape}</svg>${text}</li>`;
}

function line(name: string): Markup {
  return markup`<path class="${name}" d="M2 7h22" />`;
}

function box(name: string): Markup {
  return markup`<rect class="${name}" x="2" y="1" width="22" height="12" />`;
}
