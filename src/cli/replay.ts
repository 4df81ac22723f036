import { basename, join } from "node:path";
import type { Summary } from "../gate/summary.ts";
import { parseOptions } from "./arguments.ts";
import type { ExitCode, Io } from "./io.ts";
import { JOB_HELP, JOB_OPTIONS, replayJob } from "./replay-job.ts";
import { replayOne } from "./replay-one.ts";
import { summaryTable } from "./summary-table.ts";

const HELP = `camfence replay DRIVE… --zones PATH…

Plays recorded drives through the gate as the vehicle would have judged them, and says what would have
become of every camera frame, and why.

${JOB_HELP}
  --out DIR          verdicts.jsonl, summary.json, released.mcap and report.html
  --json             the summary as one JSON document on stdout
  --help             this text

Example: camfence replay drive.nmea --zones geofences/ --cameras front:0:100,rear:180:120 --out out/

Exit code: 0 replayed, 1 a drive or a zone file is wrong, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  ...JOB_OPTIONS,
  out: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export async function replay(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    io.stdout(HELP);
    return 0;
  }
  const job = await replayJob(values, positionals);
  const { drives } = job;
  const summaries: Summary[] = [];
  for (const path of drives) {
    const out =
      values.out === undefined ? null : drives.length === 1 ? values.out : join(values.out, basename(path));
    const summary = await replayOne(path, job, out, io);
    summaries.push(summary);
    if (values.json !== true) io.stdout(summaryTable(summary, out, io.colour));
  }
  if (values.json === true)
    io.stdout(`${JSON.stringify(summaries.length === 1 ? summaries[0] : summaries, null, 2)}\n`);
  return 0;
}
