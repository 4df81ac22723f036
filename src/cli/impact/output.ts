import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { ImpactMap } from "../../web/impact-report/impact-map.ts";
import type { ImpactReport } from "../../web/impact-report/impact-report.ts";
import { impactPage } from "../../web/impact-report/page.ts";
import { JobResult } from "./drive-impact.ts";
import { junitOf } from "./junit.ts";

/** The files of a comparison. */
export interface ImpactOutput {
  /** Results of an earlier run, by job. */
  readonly known: ReadonlyMap<string, JobResult>;
  add(id: string, result: JobResult): void;
  /** Only the page names places. */
  close(report: ImpactReport, map: ImpactMap): Promise<void>;
}

/**
 * Opens `results.jsonl` in a folder, made if need be, to which each drive's result is added as it comes: a run that was
 * killed goes on where it was. The last line may be cut off, and is then judged again. Throws `usage` where the folder
 * cannot be written to.
 */
export async function openImpactOutput(dir: string): Promise<ImpactOutput> {
  const file = join(dir, "results.jsonl");
  const write = <T>(action: () => T): T => {
    try {
      return action();
    } catch (thrown) {
      throw new CamfenceError("usage", `--out ${dir}: cannot be written to: ${messageOf(thrown)}`, {
        cause: thrown,
      });
    }
  };
  const known = write(() => {
    mkdirSync(dir, { recursive: true });
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    // What is added must not join what was cut off.
    appendFileSync(file, text === "" || text.endsWith("\n") ? "" : "\n");
    return resultsIn(text);
  });
  return {
    known,
    add: (id, result) => write(() => appendFileSync(file, `${JSON.stringify({ id, result })}\n`)),
    async close(report, map) {
      write(() => {
        writeFileSync(join(dir, "impact.json"), `${JSON.stringify(report, null, 2)}\n`);
        writeFileSync(join(dir, "junit.xml"), junitOf(report));
        writeFileSync(join(dir, "impact.html"), impactPage(report, map));
      });
    },
  };
}

/** Drives that failed are judged again: the disk may have been mended. */
function resultsIn(text: string): ReadonlyMap<string, JobResult> {
  const known = new Map<string, JobResult>();
  for (const line of text.split("\n")) {
    const entry = entryOf(line);
    if (entry?.result.outcome === "judged") known.set(entry.id, entry.result);
  }
  return known;
}

function entryOf(line: string): z.infer<typeof Entry> | null {
  try {
    return Entry.parse(JSON.parse(line));
  } catch {
    return null; // cut off when the run was killed, or of another version
  }
}

const Entry = z.strictObject({ id: z.string(), result: JobResult });
