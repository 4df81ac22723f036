import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { SimulatedDrive } from "../../../simulator/index.ts";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { formatIso } from "../../core/time.ts";
import type { Summary } from "../../gate/summary.ts";
import { createReport } from "../../web/replay-report/report.ts";
import type { JunitSuite } from "../junit.ts";
import { junitXml } from "../junit.ts";
import type { RunResult, Watcher } from "./simulate-one.ts";
import { runSummary } from "./simulate-summary.ts";
import { compiledZones } from "./simulate-zones.ts";

/** The files of a simulation: `junit.xml`, `summary.json`, and a page for each scenario. */
export interface SimulateReport {
  page(file: string, drive: SimulatedDrive): Page;
  close(suites: readonly JunitSuite[], runs: readonly RunResult[]): void;
}

/** Follows one run for its page. */
interface Page {
  readonly watcher: Required<Pick<Watcher, "onOutcome" | "onRevocation">>;
  close(result: RunResult): Promise<void>;
}

/** `nowMs` says how fast the drives were. */
export function openSimulateReport(dir: string, nowMs: () => number): SimulateReport {
  // Told now, not after the drives.
  writeOut(join(dir, "junit.xml"), junitXml([]));
  return {
    page: (file, drive) => openPage(join(dir, `${basename(file, extname(file))}.html`), drive, nowMs),
    close(suites, runs) {
      writeOut(join(dir, "junit.xml"), junitXml(suites));
      writeOut(join(dir, "summary.json"), `${JSON.stringify(runs, null, 2)}\n`);
    },
  };
}

function openPage(path: string, drive: SimulatedDrive, nowMs: () => number): Page {
  const beganMs = nowMs();
  const zones = compiledZones(drive.zones, drive.startMs);
  const report = createReport({ zones, cameras: drive.cameras });
  const revocations: Summary["revocations"][number][] = [];
  return {
    watcher: {
      onOutcome: (outcome) => report.add(outcome),
      onRevocation: ({ afterMs, untilMs }) =>
        void revocations.push({ after: formatIso(afterMs), until: formatIso(untilMs) }),
    },
    async close(result) {
      const zoneSet = { hash: zones.hash, zones: zones.zones.length };
      const factor = Math.round((1000 * result.durationS) / Math.max(1, nowMs() - beganMs));
      writeOut(path, await report.html(runSummary(result, drive, { zoneSet, revocations }, factor)));
    },
  };
}

/** Writes a file, and the folders above it. Throws `usage` where it cannot. */
export function writeOut(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (cause) {
    throw new CamfenceError("usage", `${path}: cannot be written: ${messageOf(cause)}`, { cause });
  }
}
