import type { RunResult } from "./simulate-one.ts";

/** One scenario's runs, for a terminal: a line for each when there are few, what went wrong in any case. */
export function runLines(runs: readonly RunResult[], colour: boolean): string {
  const [first] = runs;
  if (first === undefined) return "";
  const paint = (code: number, text: string) => (colour ? `\u001B[${code}m${text}\u001B[0m` : text);
  const failed = runs.filter(({ met }) => !met);
  const sum = (of: (run: RunResult) => number) => runs.reduce((total, run) => total + of(run), 0);
  const mark = failed.length === 0 ? paint(32, "✓") : paint(31, "✗");
  const counts = [
    sum(({ frames }) => frames.in),
    sum(({ frames }) => frames.passed),
    sum(({ frames }) => frames.blurred),
    sum(({ frames }) => frames.dropped),
  ].map((count) => String(count).padStart(9));
  const of = runs.length === 1 ? "" : paint(2, `  ${runs.length - failed.length} of ${runs.length} runs met`);
  const lines = [`${mark} ${cut(first.scenario).padEnd(TITLE_WIDTH)}${counts.join("")}${of}`];
  for (const run of failed.slice(0, MAX_FAILED_SHOWN)) {
    for (const result of run.results.filter(({ met }) => !met)) {
      lines.push(`    seed ${run.seed}: expected ${result.name}`, `      got ${result.got}`);
    }
  }
  if (failed.length > MAX_FAILED_SHOWN) lines.push(`    and ${failed.length - MAX_FAILED_SHOWN} more runs`);
  return `${lines.join("\n")}\n`;
}

export function tableHead(): string {
  const columns = ["frames", "passed", "blurred", "dropped"].map((name) => name.padStart(9)).join("");
  return `  ${"scenario".padEnd(TITLE_WIDTH)}${columns}\n`;
}

export function tableEnd(runs: readonly RunResult[], seconds: number): string {
  const sum = (of: (run: RunResult) => number) => runs.reduce((total, run) => total + of(run), 0);
  const frames = sum((run) => run.frames.in);
  const { length } = runs;
  const leaks = sum((run) => run.leaks.kept);
  const broken = sum((run) => run.leaks.whileBroken);
  const withdrawn = sum((run) => run.leaks.withdrawn);
  const aside = [
    ...(withdrawn > 0 ? [`${withdrawn} released and withdrawn`] : []),
    ...(broken > 0 ? [`${broken} while an assumption of the guard was broken on purpose`] : []),
  ];
  return (
    `\nleaks ${leaks}${aside.length === 0 ? "" : ` (apart: ${aside.join(", ")})`} in ${frames} frames of ${length} run${length === 1 ? "" : "s"}, ` +
    `${Math.round(frames / Math.max(0.001, seconds))} frames/s\n` +
    `${runs.filter(({ met }) => met).length} of ${length} met all that is expected\n`
  );
}

const TITLE_WIDTH = 62;
const MAX_FAILED_SHOWN = 3;

function cut(title: string): string {
  return title.length < TITLE_WIDTH ? title : `${title.slice(0, TITLE_WIDTH - 2)}…`;
}
