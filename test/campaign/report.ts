import type { Unseen } from "./thresholds.ts";
import type { Spread, Totals } from "./totals.ts";
import { spread } from "./totals.ts";

/** What `campaign.json` holds. */
export interface CampaignReport extends Omit<Totals, "early" | "late"> {
  readonly early: Measured;
  readonly late: Measured;
  readonly unseen: readonly Unseen[];
  readonly framesPerSecond: number;
}

interface Measured {
  readonly guardM: Spread;
  readonly leastM: Spread;
}

export function reportOf(totals: Totals, unseen: readonly Unseen[], framesPerSecond: number): CampaignReport {
  return { ...totals, early: measured(totals.early), late: measured(totals.late), unseen, framesPerSecond };
}

function measured(pairs: Totals["early"]): Measured {
  return {
    guardM: spread(pairs.map(([guardM]) => guardM)),
    leastM: spread(pairs.map(([, leastM]) => leastM)),
  };
}

export function campaignTable(report: CampaignReport): string {
  return tablesOf(report)
    .map(({ title, head, rows }) => {
      const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => (row[i] ?? "").length)));
      const line = (cells: readonly string[]) =>
        cells
          .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart((widths[i] ?? 0) + 2)))
          .join("");
      return [title, line(head), ...rows.map(line), ""].join("\n");
    })
    .join("\n");
}

export function campaignPage(report: CampaignReport): string {
  const tables = tablesOf(report).map(({ title, head, rows }) => {
    const row = (cells: readonly string[], tag: string) =>
      `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
    return `<h2>${escaped(title)}</h2><table>${row(head, "th")}${rows.map((cells) => row(cells, "td")).join("")}</table>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>camfence campaign</title><style>${STYLE}</style>
<main><h1>${count(report.leaks)} leaks in ${count(report.frames)} frames</h1>${tables.join("\n")}</main></html>\n`;
}

interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function tablesOf(report: CampaignReport): readonly Table[] {
  return [
    {
      title: "All drives; leaks while what the guard assumes held",
      head: ["", ""],
      rows: [
        ["drives", count(report.drives)],
        ["frames", count(report.frames)],
        ["of them truly restricted", count(report.restricted)],
        ["released", count(report.released)],
        ["leaks", count(report.leaks)],
        ["released, and withdrawn at once", count(report.withdrawn)],
        [
          "passes not proven, of those checked",
          `${count(report.unproven)} of ${count(report.proofsChecked)}`,
        ],
        ["frames a second", count(Math.round(report.framesPerSecond))],
      ],
    },
    {
      title: "Over-restriction, metres driven",
      head: ["", "crossings", "mean", "p50", "p95", "max"],
      rows: [
        ["early closing, guard", ...cellsOf(report.early.guardM)],
        ["  the least possible", ...cellsOf(report.early.leastM)],
        ["  ratio", "", ...ratios(report.early)],
        ["late opening, guard", ...cellsOf(report.late.guardM)],
        ["  the least possible", ...cellsOf(report.late.leastM)],
        ["  ratio", "", ...ratios(report.late)],
      ],
    },
    {
      title: "Reasons",
      head: ["reason", "frames"],
      rows: Object.entries(report.reasons).map(([reason, frames]) => [reason, count(frames)]),
    },
    {
      title: "Drives whose released frames were stored, on disks that fill up, by processes that are killed",
      head: ["", "frames"],
      rows: [
        ["drives", count(report.stored.drives)],
        ["released", count(report.stored.released)],
        ["sealed", count(report.stored.stored)],
        ["counted as lost", count(report.stored.lost)],
        ["taken by kills", count(report.stored.unaccounted)],
        ["wrong accounts", count(report.wrongAccounts.length)],
      ],
    },
    {
      title: "Assumptions broken on purpose",
      head: ["assumption", "drives", "frames that leaked then"],
      rows: [
        ...Object.entries(report.brokenBy).map(([by, { drives, leaks }]) => [
          by,
          count(drives),
          count(leaks),
        ]),
        ["any", count(report.brokenDrives), `${count(report.brokenLeaks)} of ${count(report.brokenFrames)}`],
        ["  withdrawn at once", "", count(report.brokenWithdrawn)],
      ],
    },
    {
      title: "How far each must lie to be seen",
      head: ["lie", "least that was always seen", "most that went unseen", "place off by then"],
      rows: report.unseen.map(({ lie, unit, seen, unseen, offM }) => [
        lie,
        seen === null ? "never" : `${round(seen)} ${unit}`,
        unseen === null ? "none" : `${round(unseen)} ${unit}`,
        offM === null ? "" : `${round(offM)} m`,
      ]),
    },
    {
      title: "Seeds to look at",
      head: ["what", "seed", "metres or frames"],
      rows: [
        ...report.firstLeaks.map(({ seed, how, camera, atS }) => [
          `leak: ${how}, ${camera}, ${atS.toFixed(2)} s`,
          `${seed}`,
          "",
        ]),
        ...report.wrongAccounts.slice(0, 5).map((seed) => ["wrong account", `${seed}`, ""]),
        ...report.worst.map(({ what, seed, metres }) => [what, `${seed}`, round(metres)]),
      ],
    },
  ];
}

function cellsOf({ count: crossings, mean, p50, p95, max }: Spread): readonly string[] {
  return [count(crossings), ...[mean, p50, p95, max].map((metres) => metres.toFixed(1))];
}

function ratios({ guardM, leastM }: Measured): readonly string[] {
  return (["mean", "p50", "p95", "max"] as const).map((key) => `${(guardM[key] / leastM[key]).toFixed(2)} ×`);
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:0}main{max-width:960px;margin:0 auto;padding:32px 24px}
h2{font-size:18px;margin-top:36px}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
td,th{text-align:right;padding:4px 16px 4px 0;border-bottom:1px solid #8884}td:first-child,th:first-child{text-align:left}`;
