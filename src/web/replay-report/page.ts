import { createHash } from "node:crypto";
import type { Counts, Summary } from "../../gate/summary.ts";
import type { Zone } from "../../zones/zone.ts";
import { cameraTable, reasonTable } from "./count-tables.ts";
import { revocationsAndWarnings, runList } from "./lists.ts";
import { mapSection } from "./map.ts";
import type { Markup } from "../report/markup.ts";
import { markup, trusted } from "../report/markup.ts";
import type { ReportData } from "./report-data.ts";
import { MAP_SCRIPT } from "../report/map-script.ts";
import { styleFor } from "../report/style.ts";
import { timelineSection } from "./timeline.ts";
import { countText } from "../report/count-text.ts";
import { durationText } from "./wording.ts";
import { visitTable, zoneTable } from "./zone-tables.ts";

/** The whole page. Nothing in it comes from elsewhere, and its own policy would refuse it. */
export function page(summary: Summary, data: ReportData, zones: readonly Zone[], samples: Markup): string {
  const style = styleFor(data.cameras.length, data.frame?.pixel ?? 1);
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(MAP_SCRIPT)}'`,
    "img-src data:",
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
        <title>${summary.drive}: camfence replay</title>
        <style>${trusted(style)}</style>
      </head>
      <body>
        <main>
          ${head(summary)}
          <section>
            <h2>Map</h2>
            ${mapSection(data)}
          </section>
          <section>
            <h2>Timeline</h2>
            ${timelineSection(data)}
          </section>
          <section>
            <h2>Zones</h2>
            ${visitTable(data.visits, data.timeText)}${zoneTable(summary, zones)}
          </section>
          <section>
            <h2>Frames</h2>
            ${reasonTable(summary)}${cameraTable(summary, data.cameras)}${runList(data)}
          </section>
          ${samples}
          <section>
            <h2>Notes</h2>
            ${revocationsAndWarnings(summary)}
          </section>
        </main>
        <script>${trusted(MAP_SCRIPT)}</script>
      </body>
    </html>`.html;
}

function head(summary: Summary): Markup {
  const { frames, zoneSet } = summary;
  const day = summary.from?.slice(0, 10) ?? "";
  const to = summary.to?.startsWith(day) === true ? time(summary.to).slice(11) : time(summary.to);
  const km = `${(summary.distanceM / 1000).toFixed(1)} km`;
  return markup`<header>
    <p class="kind">camfence replay</p>
    <h1>${summary.drive}</h1>
    <p class="when">
      ${time(summary.from)} to ${to} UTC <span>${km} in ${durationText(summary.durationS * 1000)}</span>
      <span>replayed at ${countText(summary.speedFactor)} × real time</span>
    </p>
    <p class="sum">
      <span><b>${countText(frames.in)}</b> frames in</span> =
      <span class="pass-text"><b>${countText(frames.passed)}</b> passed</span> +
      <span class="blur-text"><b>${countText(frames.blurred)}</b> blurred</span> +
      <span class="drop-text"><b>${countText(frames.dropped)}</b> dropped</span>
    </p>
    ${shareBar(frames)}
    <p class="set">Zone set of ${countText(zoneSet.zones)} zones <code>${zoneSet.hash}</code></p>
  </header>`;
}

/** `2026-03-01 08:00:00` */
function time(iso: string | null): string {
  return iso?.replace("T", " ").replace(/(\.\d+)?Z$/, "") ?? "unknown";
}

function shareBar({ in: all, passed, blurred }: Counts): Markup {
  const percent = (count: number) => (100 * count) / (all || 1);
  const [first, second] = [percent(passed), percent(passed + blurred)];
  return markup`<svg class="share" aria-hidden="true">
    <rect class="drop" width="${all === 0 ? 0 : 100}%" height="100%" />
    <rect class="blur" width="${second.toFixed(2)}%" height="100%" />
    <rect class="pass" width="${first.toFixed(2)}%" height="100%" />
  </svg>`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
