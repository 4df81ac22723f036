import { createHash } from "node:crypto";
import type { Markup } from "../report/markup.ts";
import { isolated, markup, trusted } from "../report/markup.ts";
import { countText } from "../report/count-text.ts";

interface Changes {
  readonly dropped: number;
  readonly blurred: number;
  readonly released: number;
  /** Those that are held back less than before: released, or blurred where they were dropped. */
  readonly weaker: number;
}

/** One line of a table. */
export interface Row {
  readonly id: string;
  readonly drives: number;
  readonly frames: number;
  readonly changes: Changes;
}

interface Span {
  readonly camera: string;
  readonly from: string;
  readonly to: string;
  readonly frames: number;
  readonly was: string;
  readonly becomes: string;
  readonly zones: readonly string[];
}

interface JudgedDrive {
  readonly drive: string;
  readonly vehicle: string;
  readonly frames: number;
  readonly changes: Changes;
  readonly zones: Readonly<Record<string, Changes>>;
  readonly spans: readonly Span[];
  readonly spansLeftOut: number;
  readonly warnings: readonly string[];
}

/** What `impact.json` holds. */
export interface ImpactReport {
  readonly before: { readonly hash: string; readonly zones: number };
  readonly after: { readonly hash: string; readonly zones: number };
  readonly frames: number;
  readonly changes: Changes;
  readonly failed: number;
  readonly byVehicle: readonly Row[];
  readonly byZone: readonly Omit<Row, "frames">[];
  readonly drives: readonly (
    JudgedDrive | { readonly drive: string; readonly vehicle: string; readonly error: string }
  )[];
}

/** Tables longer than this are cut in the page; the JSON has all. */
const MAX_ROWS = 500;

/** One page without anything from elsewhere. */
export function impactPage(report: ImpactReport): string {
  const { changes } = report;
  const policy = `default-src 'none'; style-src '${hashOf(STYLE)}'; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>camfence impact</title>
        <style>${trusted(STYLE)}</style>
      </head>
      <body>
        <main>
          <p class="soft">camfence impact</p>
          <h1>${countText(changes.dropped)} frames dropped, ${countText(changes.blurred)} blurred, ${countText(changes.released)} released</h1>
          <p class="soft">
            of ${countText(report.frames)} frames in ${countText(report.drives.length - report.failed)} drives, where the set of
            ${countText(report.after.zones)} zones <code>${report.after.hash}</code> takes the place of the one of
            ${countText(report.before.zones)} zones <code>${report.before.hash}</code>.
            ${countText(changes.weaker)} frames are held back less than before: released, or blurred where they were dropped (weaker).
          </p>
          ${failures(report)}
          ${warnings(report)}
          <h2>By zone</h2>
          ${table("zone", report.byZone)}
          <h2>By vehicle</h2>
          ${table("vehicle", report.byVehicle)}
          <h2>Stretches that change</h2>
          ${spanTable(report)}
        </main>
      </body>
    </html>`.html;
}

function failures({ drives, failed }: ImpactReport): Markup {
  if (failed === 0) return markup``;
  const items = drives.flatMap((drive) =>
    "error" in drive ? [markup`<li>${isolated(named(drive.drive, drive.error))}</li>`] : [],
  );
  return markup`<h2>Not judged</h2><ul class="bad">${items.slice(0, MAX_ROWS)}</ul>${cut(items.length)}`;
}

/** Most messages name the drive themselves. */
export function named(drive: string, message: string): string {
  return message.startsWith(drive) ? message : `${drive}: ${message}`;
}

function warnings({ drives }: ImpactReport): Markup {
  const items = drives.flatMap((drive) => ("warnings" in drive ? drive.warnings : []));
  if (items.length === 0) return markup``;
  const lines = items.slice(0, MAX_ROWS).map((item) => markup`<li>${isolated(item)}</li>`);
  return markup`<h2>Not read whole</h2><ul class="soft">${lines}</ul>${cut(items.length)}`;
}

function table(what: string, rows: readonly (Omit<Row, "frames"> & { readonly frames?: number })[]): Markup {
  if (rows.length === 0) return markup`<p class="soft">none changes</p>`;
  const lines = rows.slice(0, MAX_ROWS).map(
    ({ id, drives, changes, frames }) => markup`<tr>
      <td>${isolated(id)}</td><td>${countText(drives)}</td><td>${countText(changes.dropped)}</td>
      <td>${countText(changes.blurred)}</td><td>${countText(changes.released)}</td><td>${countText(changes.weaker)}</td>
      ${frames === undefined ? markup`` : markup`<td>${countText(frames)}</td>`}
    </tr>`,
  );
  const ofFrames = rows[0]?.frames === undefined ? markup`` : markup`<th>of frames</th>`;
  return markup`<table class="counts">
    <tr><th>${what}</th><th>drives</th><th>dropped</th><th>blurred</th><th>released</th><th>weaker</th>${ofFrames}</tr>
    ${lines}
  </table>${cut(rows.length)}`;
}

function spanTable({ drives }: ImpactReport): Markup {
  const rows = drives.flatMap((drive) =>
    "error" in drive ? [] : drive.spans.map((span) => ({ ...span, drive: drive.drive })),
  );
  if (rows.length === 0) return markup`<p class="soft">none</p>`;
  const lines = rows.slice(0, MAX_ROWS).map(
    ({ drive, camera, from, to, frames, was, becomes, zones }) => markup`<tr>
      <td>${isolated(drive)}</td><td>${camera}</td><td>${from}</td><td>${to}</td><td>${countText(frames)}</td>
      <td>${was} → ${becomes}</td><td>${isolated(zones.join(", "))}</td>
    </tr>`,
  );
  return markup`<table>
    <tr><th>drive</th><th>camera</th><th>from</th><th>to</th><th>frames</th><th>change</th><th>zones</th></tr>
    ${lines}
  </table>${cut(rows.length)}`;
}

function cut(rows: number): Markup {
  return rows <= MAX_ROWS
    ? markup``
    : markup`<p class="soft">and ${countText(rows - MAX_ROWS)} more: see impact.json</p>`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

const STYLE = `:root{color-scheme:light dark}body{margin:0;font:15px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 24px}h1{font-size:26px}h2{font-size:18px;margin-top:36px}
.soft{opacity:.7}code{overflow-wrap:anywhere}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
td,th{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid #8884;overflow-wrap:anywhere}
.counts :is(td,th):not(:first-child){text-align:right}.bad{color:#bd2541}`;
