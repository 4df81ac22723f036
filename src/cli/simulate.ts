import { basename, extname, join } from "node:path";
import { scenarioJsonSchema, simulateDrive } from "../../simulator/index.ts";
import { CamfenceError } from "../core/errors.ts";
import { numberOption, parseOptions } from "./arguments.ts";
import type { ExitCode, Io } from "./io.ts";
import type { JunitSuite } from "./junit.ts";
import { createProgress } from "./progress.ts";
import type { Loaded } from "./simulate/simulate-files.ts";
import { loadAll, scenarioFiles } from "./simulate/simulate-files.ts";
import { writeDriveMcap } from "./simulate/simulate-mcap.ts";
import { simulateOne } from "./simulate/simulate-one.ts";
import type { RunResult } from "./simulate/simulate-one.ts";
import { pixelsFor } from "./simulate/simulate-pixels.ts";
import type { SimulateReport } from "./simulate/simulate-report.ts";
import { openSimulateReport, writeOut } from "./simulate/simulate-report.ts";
import { shrink } from "./simulate/simulate-shrink.ts";
import type { RunRequest, Runner } from "./simulate-threads.ts";
import { createRunner } from "./simulate-threads.ts";
import { runLines, tableEnd, tableHead } from "./simulate/simulate-table.ts";
import { withHelp } from "./with-help.ts";

const HELP = `camfence simulate SCENARIO…
camfence simulate schema

Drives made-up vehicles through the gate in virtual time, as fast as it goes, and sets what it released
against the truth that only the simulator knows.

  SCENARIO         .yaml files, or folders of them
  --seed N         instead of the scenario's own
  --runs N         so many drives of each scenario, on consecutive seeds   [1]
  --report DIR     junit.xml, summary.json, and a page for each scenario
  --out FILE       the drive as a recording, .mcap: one scenario, one run
  --no-shrink      do not look for a smaller drive that fails alike
  --json           the results as one JSON document on stdout
  --help           this text

schema prints the JSON Schema of scenarios, for editors.

Example: camfence simulate simulator/scenarios/ --report out/simulated

Exit code: 0 all expectations met, 1 one is not or a scenario is wrong, 2 wrong usage or an unreadable file.
`;

const OPTIONS = {
  seed: { type: "string" },
  runs: { type: "string" },
  report: { type: "string" },
  out: { type: "string" },
  "no-shrink": { type: "boolean" },
  json: { type: "boolean" },
} as const;

const MAX_SEED = 0xffff_ffff;
const MAX_RUNS = 1_000_000;
/** Where smaller failing drives go when no report is wanted. */
const DEFAULT_REPORT = "out/simulated";

export const simulate = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (positionals.length === 1 && positionals[0] === "schema") {
    io.stdout(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
    return 0;
  }
  const files = scenarioFiles(positionals);
  const runs = values.runs === undefined ? 1 : wholeNumber("runs", values.runs, 1, MAX_RUNS);
  const seed = values.seed === undefined ? null : wholeNumber("seed", values.seed, 0, MAX_SEED);
  if (values.out !== undefined && (files.length > 1 || runs > 1)) {
    throw new CamfenceError("usage", "--out: records one run of one scenario; give one, and no --runs");
  }
  const loaded = await loadAll(files, io);
  const beganMs = io.nowMs();
  const report = values.report === undefined ? null : openSimulateReport(values.report, () => io.nowMs());
  const runner = createRunner(loaded.length * runs);
  const progress = createProgress(io, "simulating");
  let done = 0;
  const making = loaded.map((each) => {
    const options = { seed: seed ?? each.scenario.seed, runs, report };
    return runAll(each, options, runner, () => progress.update(++done / (loaded.length * runs)));
  });
  const all: RunResult[] = [];
  const suites: JunitSuite[] = [];
  try {
    if (values.json !== true) io.stdout(tableHead());
    for (const [i, each] of loaded.entries()) {
      const own = (await making[i]) ?? [];
      progress.end();
      all.push(...own);
      suites.push(...own.map((run) => suiteOf(each.file, run)));
      if (values.json !== true) io.stdout(runLines(own, io.colour));
      const failed = own.find(({ met }) => !met);
      if (failed !== undefined) await tellHowToRepeat(each, failed, values, io);
    }
  } finally {
    await Promise.allSettled(making);
    await runner.close();
  }
  report?.close(suites, all);
  if (values.out !== undefined) await record(loaded[0], all[0], values.out);
  if (values.json === true) io.stdout(`${JSON.stringify(all, null, 2)}\n`);
  else io.stdout(tableEnd(all, (io.nowMs() - beganMs) / 1000));
  return all.every(({ met }) => met) ? 0 : 1;
});

interface RunOptions {
  /** Of the first run; the others follow. */
  readonly seed: number;
  readonly runs: number;
  readonly report: SimulateReport | null;
}

/** All runs of one scenario, in the order of their seeds; the first gets a page. */
async function runAll(
  { file, scenario }: Loaded,
  { seed, runs, report }: RunOptions,
  runner: Runner,
  onRun: () => void,
): Promise<readonly RunResult[]> {
  const made = Array.from({ length: runs }, async (_, run) => {
    const request = { scenario, seed: (seed + run) % (MAX_SEED + 1) };
    const result = await (run === 0 && report !== null
      ? runWithPage(file, request, report)
      : runner.run(request));
    onRun();
    return result;
  });
  return Promise.all(made);
}

async function runWithPage(
  file: string,
  { scenario, seed }: RunRequest,
  report: SimulateReport,
): Promise<RunResult> {
  const drive = simulateDrive(scenario, seed);
  const page = report.page(file, drive);
  const result = await simulateOne(
    scenario,
    seed,
    { pixels: await pixelsFor(scenario), ...page.watcher },
    drive,
  );
  await page.close(result);
  return result;
}

/** A failing run can be had again, and a smaller one that fails alike. */
async function tellHowToRepeat(
  { file, scenario }: Loaded,
  failed: RunResult,
  { report, "no-shrink": isWhole }: { readonly report?: string; readonly "no-shrink"?: boolean },
  io: Io,
): Promise<void> {
  const name = basename(file, extname(file));
  const seed = failed.seed === scenario.seed ? "" : ` --seed ${failed.seed}`;
  io.stderr(`camfence: seed ${failed.seed} fails; again: camfence simulate ${quoted(file)}${seed}\n`);
  if (isWhole === true) return;
  const path = join(report ?? DEFAULT_REPORT, `${name}.seed-${failed.seed}.yaml`);
  writeOut(path, await shrink(scenario, failed));
  io.stderr(`camfence: the smallest drive found that fails alike: camfence simulate ${quoted(path)}\n`);
}

/** A command that is printed can be pasted. */
function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

async function record(loaded: Loaded | undefined, run: RunResult | undefined, path: string): Promise<void> {
  if (loaded === undefined || run === undefined) return;
  const drive = simulateDrive(loaded.scenario, run.seed);
  await writeDriveMcap(path, drive, await pixelsFor(loaded.scenario));
}

function suiteOf(file: string, { scenario, seed, durationS, results }: RunResult): JunitSuite {
  return { name: `${scenario}, seed ${seed}`, file, seconds: durationS, cases: results };
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = numberOption(name, text, least, most);
  if (Number.isInteger(value)) return value;
  throw new CamfenceError("usage", `--${name}: got "${text}", expected a whole number`);
}
