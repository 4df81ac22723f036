import { countText } from "../report/count-text.ts";
import type { Markup } from "../report/markup.ts";
import { isolated, markup } from "../report/markup.ts";
import type { ImpactReport, Row } from "./impact-report.ts";

/** Tables longer than this are cut in the page; the JSON has all. */
const MAX_ROWS = 500;

export function failures({ drives, failed }: ImpactReport): Markup {
  if (failed === 0) return markup``;
  const items = drives.flatMap((drive) =>
    "error" in drive ? [markup`<li>${isolated(named(drive.drive, drive.error))}</li>`] : [],
  );
  return markup`<section><h2>Not judged</h2><ul class="bad">${items.slice(0, MAX_ROWS)}</ul>${cut(items.length)}</section>`;
}

/** Most messages name the drive themselves. */
export function named(drive: string, message: string): string {
  return message.startsWith(drive) ? message : `${drive}: ${message}`;
}

export function warnings({ drives }: ImpactReport): Markup {
  const items = drives.flatMap((drive) => ("warnings" in drive ? drive.warnings : []));
  if (items.length === 0) return markup``;
  const lines = items.slice(0, MAX_ROWS).map((item) => markup`<li>${isolated(item)}</li>`);
  return markup`<section><h2>Not read whole</h2><ul class="soft">${lines}</ul>${cut(items.length)}</section>`;
}

export function table(
  what: string,
  rows: readonly (Omit<Row, "frames"> & { readonly frames?: number })[],
): Markup {
  if (rows.length === 0) return markup`<p class="soft">none changes</p>`;
  const lines = rows.slice(0, MAX_ROWS).map(
    ({ id, drives, changes, frames }) => markup`<tr>
      <td>${isolated(id)}</td><td>${countText(drives)}</td><td>${countText(changes.dropped)}</td>
      <td>${countText(changes.blurred)}</td><td>${countText(changes.released)}</td><td>${countText(changes.weaker)}</td>
      ${frames === undefined ? markup`` : markup`<td>${countText(frames)}</td>`}
    </tr>`,
  );
  const ofFrames = rows[0]?.frames === undefined ? markup`` : markup`<th>of frames</th>`;
  return markup`<div class="scroll"><table class="counts">
    <thead><tr><th>${what}</th><th>drives</th><th>dropped</th><th>blurred</th><th>released</th><th>weaker</th>${ofFrames}</tr></thead>
    <tbody>${lines}</tbody>
  </table></div>${cut(rows.length)}`;
}

export function spanTable({ drives }: ImpactReport): Markup {
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
  return markup`<div class="scroll"><table class="spans">
    <thead><tr><th>drive</th><th>camera</th><th>from</th><th>to</th><th>frames</th><th>change</th><th>zones</th></tr></thead>
    <tbody>${lines}</tbody>
  </table></div>${cut(rows.length)}`;
}

function cut(rows: number): Markup {
  return rows <= MAX_ROWS
    ? markup``
    : markup`<p class="soft">and ${countText(rows - MAX_ROWS)} more: see impact.json</p>`;
}
