import { basename, join } from "node:path";
import type { Summary } from "../gate/summary.ts";
import { parseOptions } from "./arguments.ts";
import type { ExitCode, Io } from "./io.ts";
import type { JunitSuite } from "./junit.ts";
import { junitXml } from "./junit.ts";
import { JOB_HELP, JOB_OPTIONS, replayJob } from "./replay/replay-job.ts";
import { replayOne } from "./replay/replay-one.ts";
import { isScenario, replayScenario } from "./replay/replay-scenario.ts";
import { drivesOf } from "./replay/replay-suite.ts";
import { writeOut } from "./simulate/simulate-report.ts";
import { summaryTable } from "./replay/summary-table.ts";
import { withHelp } from "./with-help.ts";

const HELP = `camfence replay DRIVE… --zones PATH…

Plays recorded drives through the gate as the vehicle would have judged them, and says what would have
become of every camera frame, and why.

${JOB_HELP}
  --out DIR          verdicts.jsonl, summary.json, released.mcap and report.html; junit.xml where outcomes are stated
  --json             the summary as one JSON document on stdout
  --help             this text

A scenario's .yaml is a drive, too, with zones and cameras of its own. What must come of drive.nmea may be stated
beside it, in drive.expect.yaml; a folder of drives with such files is a suite.

Example: camfence replay drive.nmea --zones geofences/ --cameras front:0:100,rear:180:120 --out out/

Exit code: 0 replayed, 1 an outcome is not as stated, or a drive or a zone file is wrong, 2 wrong usage or a file
that cannot be read.
`;

const OPTIONS = {
  ...JOB_OPTIONS,
  out: { type: "string" },
  json: { type: "boolean" },
} as const;

export const replay = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const job = await replayJob(values, positionals);
  const drives = job.drives.flatMap(drivesOf);
  const summaries: Summary[] = [];
  const suites: JunitSuite[] = [];
  for (const path of drives) {
    const out =
      values.out === undefined ? null : drives.length === 1 ? values.out : join(values.out, basename(path));
    const summary = await (isScenario(path) ? replayScenario(path, out, io) : replayOne(path, job, out, io));
    summaries.push(summary);
    if (summary.expectations !== undefined) suites.push(suiteOf(path, summary, summary.expectations));
    if (values.json !== true) io.stdout(summaryTable(summary, out, io.colour));
  }
  if (values.out !== undefined && suites.length > 0)
    writeOut(join(values.out, "junit.xml"), junitXml(suites));
  if (values.json === true)
    io.stdout(`${JSON.stringify(summaries.length === 1 ? summaries[0] : summaries, null, 2)}\n`);
  return suites.every(({ cases }) => cases.every(({ met }) => met)) ? 0 : 1;
});

function suiteOf(file: string, { drive, durationS }: Summary, cases: JunitSuite["cases"]): JunitSuite {
  return { name: drive, file, seconds: durationS, cases };
}
