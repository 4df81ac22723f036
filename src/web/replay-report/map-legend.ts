import type { Zone } from "../../zones/zone.ts";
import { categoryKeys, key, legend, line, surroundingKeys } from "../report/legend.ts";
import type { Markup } from "../report/markup.ts";
import { markup } from "../report/markup.ts";

/** What the map's lines and areas mean; categories and edges only where there are any. */
export function mapLegend(zones: readonly Zone[]): Markup {
  return legend([
    key(line("pass"), "passed"),
    key(line("blur"), "blurred"),
    key(line("drop"), "dropped"),
    key(line("unknown"), "place unknown, dropped"),
    ...categoryKeys(zones),
    ...surroundingKeys(zones),
    key(BADGE, "came to a zone"),
    key(LEFT, "left it"),
  ]);
}

const BADGE = markup`<g class="badge"><circle cx="13" cy="7" r="6.5" /><text x="13" y="10.5">1</text></g>`;
const LEFT = markup`<circle class="left" cx="13" cy="7" r="4" />`;
