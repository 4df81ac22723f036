import { createHash } from "node:crypto";
import { countText } from "../report/count-text.ts";
import type { MapFrame } from "../report/map-frame.ts";
import { MAP_SCRIPT } from "../report/map-script.ts";
import type { Markup } from "../report/markup.ts";
import { markup, trusted } from "../report/markup.ts";
import { styleFor } from "../report/style.ts";
import type { ImpactMap } from "./impact-map.ts";
import { impactFrame, impactMapSection } from "./impact-map.ts";
import type { ImpactReport } from "./impact-report.ts";
import { dotStyle } from "./place-dots.ts";
import { failures, spanTable, table, warnings } from "./tables.ts";

/** One page without anything from elsewhere; its own policy would refuse it. */
export function impactPage(report: ImpactReport, map: ImpactMap): string {
  const frame = impactFrame(map);
  const style = pageStyle(map, frame);
  const touched = new Set(report.byZone.map(({ id }) => id));
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(MAP_SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>camfence impact</title>
        <style>${trusted(style)}</style>
      </head>
      <body>
        <main>
          ${head(report)}
          ${failures(report)}
          ${warnings(report)}
          <section><h2>Where it changes</h2>${impactMapSection(map, frame, (id) => touched.has(id))}</section>
          <section><h2>By zone</h2>${table("zone", report.byZone)}</section>
          <section><h2>By vehicle</h2>${table("vehicle", report.byVehicle)}</section>
          <section><h2>Stretches that change</h2>${spanTable(report)}</section>
        </main>
        <script>${trusted(MAP_SCRIPT)}</script>
      </body>
    </html>`.html;
}

function head({ changes, frames, drives, failed, before, after }: ImpactReport): Markup {
  return markup`<header>
    <p class="kind">camfence impact</p>
    <h1>${countText(changes.dropped)} frames dropped, ${countText(changes.blurred)} blurred, ${countText(changes.released)} released</h1>
    <p class="when">
      of ${countText(frames)} frames in ${drivesText(drives.length - failed)}, where the set of
      ${countText(after.zones)} zones <code>${after.hash}</code> takes the place of the one of
      ${countText(before.zones)} zones <code>${before.hash}</code>.
      ${countText(changes.weaker)} frames are held back less than before: released, or blurred where they were dropped (weaker).
    </p>
  </header>`;
}

function drivesText(drives: number): string {
  return `${countText(drives)} ${drives === 1 ? "drive" : "drives"}`;
}

function pageStyle({ places }: ImpactMap, frame: MapFrame | null): string {
  const dots = frame === null ? "" : dotStyle(places.changed, frame);
  return `${styleFor(0, frame?.pixel ?? 1)}${STYLE}${dots}`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

const STYLE = `
code { overflow-wrap: anywhere; }
.bad { color: var(--drop); }
.counts :is(td, th):not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
td { overflow-wrap: anywhere; } .spans td:first-child { min-width: 220px; } .spans td:not(:first-child, :last-child) { white-space: nowrap; }
.spans :is(td, th):nth-child(5) { text-align: right; }
.dots path, path.driven { fill: none; stroke-linecap: round; stroke-linejoin: round; }
.map .dots path { vector-effect: none; }
.legend .more, .legend .less { stroke-width: 10; } .legend .hole { stroke-width: 4; }
path.driven { stroke: color-mix(in srgb, var(--soft) 60%, var(--land)); stroke-width: 3; } path.more { stroke: var(--drop); } path.less { stroke: var(--pass); } path.hole { stroke: var(--land); pointer-events: none; }
.map-figure:has(#places-more:checked) .places-less, .map-figure:has(#places-less:checked) .places-more { display: none; }
.map .zones .only-after use { stroke-width: calc(3.5px * var(--unit)); } .only-after.key-zone { stroke-width: 3.5px; }
.map .zones .only-before use { fill: none; stroke: var(--soft); stroke-width: calc(2px * var(--unit)); stroke-dasharray: calc(2px * var(--unit)) calc(3px * var(--unit)); }
.map .standoff .only-before { fill: color-mix(in srgb, var(--soft) 18%, var(--land)); stroke: color-mix(in srgb, var(--soft) 18%, var(--land)); }
.only-before.key-zone { fill: color-mix(in srgb, var(--soft) 18%, var(--land)); stroke: var(--soft); stroke-dasharray: 2 3; stroke-width: 2px; }
`;
