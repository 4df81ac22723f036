import type { ImpactReport } from "../../web/impact-report/impact-report.ts";

/**
 * A suite per vehicle, a case per drive. A case fails where the new set releases frames that the old one held back, and
 * is an error where the drive could not be judged; frames that are newly held back are in its output.
 */
export function junitOf(report: ImpactReport): string {
  const vehicles = [...new Set(report.drives.map(({ vehicle }) => vehicle))];
  const suites = vehicles.map((vehicle) => {
    const drives = report.drives.filter((drive) => drive.vehicle === vehicle);
    const errors = drives.filter((drive) => "error" in drive).length;
    const failures = drives.filter((drive) => !("error" in drive) && drive.changes.released > 0).length;
    const head = `name="${escaped(vehicle)}" tests="${drives.length}" failures="${failures}" errors="${errors}"`;
    return `  <testsuite ${head}>\n${drives.map(caseOf).join("")}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="camfence impact">\n${suites.join("")}</testsuites>\n`;
}

function caseOf(drive: ImpactReport["drives"][number]): string {
  const open = `    <testcase classname="${escaped(drive.vehicle)}" name="${escaped(drive.drive)}"`;
  if ("error" in drive) return `${open}><error message="${escaped(drive.error)}"/></testcase>\n`;
  const { dropped, blurred, released } = drive.changes;
  const text = `of ${drive.frames} frames: ${dropped} newly dropped, ${blurred} newly blurred, ${released} newly released`;
  const failure =
    released === 0 ? "" : `<failure message="${escaped(`${released} frames newly released`)}"/>`;
  return `${open}>${failure}<system-out>${escaped(text)}</system-out></testcase>\n`;
}

/** XML 1.0 has no control characters, not even escaped. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
