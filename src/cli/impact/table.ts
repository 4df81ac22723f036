import type { ImpactReport } from "../../web/impact-report/impact-report.ts";

const MAX_ROWS = 15;

/** The report for a terminal. */
export function impactTable(report: ImpactReport, out: string | null): string {
  const { before, after, changes, drives, failed } = report;
  const unjudged = failed === 0 ? "" : `, ${failed} of them not judged`;
  const warned = drives.filter((drive) => "warnings" in drive && drive.warnings.length > 0).length;
  return [
    "",
    `${drives.length} drives${unjudged}   ${before.zones} zones before, ${after.zones} after`,
    "",
    ...section("zone", report.byZone),
    ...section("vehicle", report.byVehicle),
    ...(warned === 0 ? [] : [`${warned} drives were not read whole: see their warnings in the report`]),
    `frames in ${report.frames}: newly dropped ${changes.dropped}, blurred ${changes.blurred}, released ${changes.released}; weaker ${changes.weaker}`,
    ...(out === null ? [] : [`output: ${out}   look at ${out}/impact.html`]),
    "",
  ].join("\n");
}

function section(what: string, rows: ImpactReport["byZone"]): readonly string[] {
  const changed = rows.filter(({ changes }) => changes.dropped + changes.blurred + changes.released > 0);
  if (changed.length === 0) return [`no ${what}'s frames change`, ""];
  const width = Math.max(what.length, ...changed.slice(0, MAX_ROWS).map(({ id }) => id.length));
  const line = (cells: readonly (string | number)[]) =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(width) : String(cell).padStart(10))).join("");
  const more = changed.length > MAX_ROWS ? [`and ${changed.length - MAX_ROWS} more`] : [];
  return [
    line([what, "drives", "dropped", "blurred", "released", "weaker"]),
    ...changed
      .slice(0, MAX_ROWS)
      .map(({ id, drives, changes }) =>
        line([id, drives, changes.dropped, changes.blurred, changes.released, changes.weaker]),
      ),
    ...more,
    "",
  ];
}
