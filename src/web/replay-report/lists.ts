import type { Summary } from "../../gate/summary.ts";
import type { Markup } from "../report/markup.ts";
import { isolated, markup } from "../report/markup.ts";
import type { ReportData } from "./report-data.ts";
import { left, moreThan, right, table } from "./table.ts";
import { countText } from "../report/count-text.ts";
import { ACTION_TEXT, spanText } from "./wording.ts";

const MAX_LISTED = 200;

/** Every run in words: what the strips and the map show, for reading, searching and copying. */
export function runList({ runs, timeText }: ReportData): Markup {
  const all = runs.flat().toSorted((a, b) => a.atMs - b.atMs);
  const rows = all.slice(0, MAX_LISTED).map(
    (run) =>
      markup`<tr>
        <td>${spanText(run, timeText)}</td>
        <td>${isolated(run.camera)}</td>
        <td class="n">${countText(run.passed + run.blurred + run.dropped)}</td>
        <td>
          ${ACTION_TEXT[run.action]}${run.others === 0 ? null : `, the worst of ${run.others + 1} runs`}
        </td>
        <td>${run.reason}</td>
        <td>${isolated(run.zones.join(", "))}</td>
      </tr>`,
  );
  return markup`<details>
    <summary>All runs (${countText(all.length)})</summary>
    ${table({ columns: COLUMNS, rows })} ${moreThan(all.length, MAX_LISTED)}
  </details>`;
}

const COLUMNS = [
  left("time, UTC"),
  left("camera"),
  right("frames"),
  left("action"),
  left("reason"),
  left("zones"),
];

/** What was revoked after a jump of the receiver, and what the inputs were warned about. */
export function revocationsAndWarnings({ revocations, warnings }: Summary): Markup {
  const revoked = revocations.map(
    ({ after, until }) => markup`<li>what was released after ${after} up to ${until}</li>`,
  );
  return markup`${list("Revoked after a jump of the receiver", revoked)}${list(
    "Warnings",
    warnings.map((warning) => markup`<li>${isolated(warning)}</li>`),
  )}`;
}

function list(name: string, items: readonly Markup[]): Markup {
  const shown = markup`<ul>
      ${items.slice(0, MAX_LISTED)}
    </ul>
    ${moreThan(items.length, MAX_LISTED)}`;
  return markup`<h3>${name}</h3>
    ${items.length === 0 ? markup`<p class="note">none</p>` : shown}`;
}
