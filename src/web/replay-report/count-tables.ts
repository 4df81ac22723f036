import type { Counts, Summary } from "../../gate/summary.ts";
import type { Reason } from "../../gate/verdict.ts";
import { REASONS } from "../../gate/verdict.ts";
import type { Markup } from "../report/markup.ts";
import { isolated, markup } from "../report/markup.ts";
import { left, right, table } from "./table.ts";
import { countText } from "../report/count-text.ts";
import { REASON_TEXT } from "./wording.ts";

/** Frames by reason, with what each reason means. */
export function reasonTable({ byReason, frames }: Summary): Markup {
  const rows = REASONS.flatMap((reason: Reason) => {
    const counts = byReason[reason];
    if (counts === undefined) return [];
    const name = markup`<b>${reason}</b> <span class="soft">${REASON_TEXT[reason]}</span>`;
    return [row(name, counts, frames.in)];
  });
  return countTable("Frames by reason", "reason", rows, frames);
}

export function cameraTable({ byCamera, frames }: Summary, cameras: readonly string[]): Markup {
  const rows = cameras.map((camera) =>
    row(markup`<b>${isolated(camera)}</b>`, byCamera[camera] ?? NONE, frames.in),
  );
  return countTable("Frames by camera", "camera", rows, frames);
}

const NONE: Counts = { in: 0, passed: 0, blurred: 0, dropped: 0 };

function countTable(caption: string, first: string, rows: readonly Markup[], frames: Counts): Markup {
  const columns = [left(first), ...["passed", "blurred", "dropped", "share"].map(right)];
  return table({ caption, columns, rows, foot: row(markup`all frames`, frames, frames.in) });
}

function row(name: Markup, { in: all, passed, blurred, dropped }: Counts, whole: number): Markup {
  const share = whole === 0 ? "" : `${((100 * all) / whole).toFixed(1)} %`;
  return markup`<tr>
    <th scope="row">${name}</th>
    ${[passed, blurred, dropped].map(cell)}
    <td class="n soft">${share}</td>
  </tr>`;
}

function cell(count: number): Markup {
  return markup`<td class="n">${count === 0 ? markup`<span class="soft">0</span>` : countText(count)}</td>`;
}
