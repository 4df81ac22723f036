import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openReleasedMcap } from "../../buffer/released-mcap.ts";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { Outcome } from "../../gate/record.ts";
import type { Summary } from "../../gate/summary.ts";
import type { ReportOptions } from "../../web/replay-report/report.ts";
import { createReport } from "../../web/replay-report/report.ts";
import { verdictLine } from "./verdict-line.ts";

/** The files of a replay. */
export interface ReplayOutput {
  add(outcome: Outcome): void | Promise<void>;
  close(summary: Summary): Promise<void>;
}

/** Lines are written in pieces of this size. */
const PIECE_CHARS = 256 * 1024;

/**
 * Opens `verdicts.jsonl` and `released.mcap` in a folder, made if need be; `summary.json` and `report.html` are written
 * at the end. Throws `usage` where they cannot be.
 */
export async function openReplayOutput(dir: string, reported: ReportOptions): Promise<ReplayOutput> {
  const verdicts = openVerdicts(dir);
  const report = createReport(reported);
  const released = await openReleasedMcap(join(dir, "released.mcap"));
  return {
    add(outcome) {
      const { record, released: kept } = outcome;
      verdicts.add(verdictLine(record));
      report.add(outcome);
      // Rule 1: this file gets what was released, never what came in.
      return kept === null ? undefined : released.write(kept.frame, kept.informationBits);
    },
    async close(summary) {
      verdicts.close();
      await released.close();
      writeFileSync(join(dir, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
      writeFileSync(join(dir, "report.html"), await report.html(summary));
    },
  };
}

function openVerdicts(dir: string) {
  const file = openIn(dir, "verdicts.jsonl");
  let waiting = "";
  const flush = (): void => {
    const bytes = Buffer.from(waiting);
    waiting = "";
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
  };
  return {
    add(line: string): void {
      waiting += line;
      if (waiting.length >= PIECE_CHARS) flush();
    },
    close(): void {
      flush();
      closeSync(file);
    },
  };
}

function openIn(dir: string, name: string): number {
  try {
    mkdirSync(dir, { recursive: true });
    return openSync(join(dir, name), "w");
  } catch (thrown) {
    throw new CamfenceError("usage", `--out ${dir}: cannot be written to: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}
