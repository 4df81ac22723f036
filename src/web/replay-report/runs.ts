import type { VerdictRecord } from "../../gate/record.ts";
import type { Action, Reason } from "../../gate/verdict.ts";
import type { Span } from "./coalesce.ts";
import { coalesce } from "./coalesce.ts";

/** A camera's frame stands until its next one, at most this long. */
const MAX_STAND_MS = 30_000;
/** Runs kept for one camera: about 150 bytes each. A longer log is shortened by joining the shortest. */
const MAX_RUNS = 4096;
const RUNS_AFTER = 1024;

/** Consecutive frames of one camera with the same action, reason and zones. */
export interface Run extends Span {
  readonly camera: string;
  readonly action: Action;
  readonly reason: Reason;
  readonly zones: readonly string[];
  /** The times of the first and the last frame. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly passed: number;
  readonly blurred: number;
  readonly dropped: number;
  /** How many other runs were joined to it; the counts are those of all, the rest is that of the worst. */
  readonly others: number;
}

export interface RunLog {
  add(atMs: number, record: VerdictRecord): void;
  /** The next frame begins a new run. */
  cut(): void;
  runs(limit: number): readonly Run[];
}

export function createRunLog(camera: string): RunLog {
  let runs: Writable<Run>[] = [];
  let last: Writable<Run> | null = null;
  const begin = (atMs: number, { timeMs, action, reason, zones }: VerdictRecord): Writable<Run> => {
    const before = runs.at(-1);
    // Drawn without a seam: a frame stands until the next.
    if (last !== null && before !== undefined && atMs - before.untilMs < MAX_STAND_MS) before.untilMs = atMs;
    if (runs.length >= MAX_RUNS) runs = [...coalesce(runs, RUNS_AFTER, joinRuns)];
    const times = { atMs, untilMs: atMs, fromMs: timeMs, toMs: timeMs };
    const run = { camera, action, reason, zones, ...times, passed: 0, blurred: 0, dropped: 0, others: 0 };
    runs.push(run);
    return run;
  };
  return {
    add(atMs, record) {
      if (last === null || !isContinued(last, atMs, record)) last = begin(atMs, record);
      if (atMs > last.untilMs) last.untilMs = atMs;
      last.toMs = record.timeMs;
      if (record.action === "pass") last.passed++;
      else if (record.action === "blur") last.blurred++;
      else last.dropped++;
    },
    cut() {
      last = null;
    },
    runs: (limit) => coalesce(runs, limit, joinRuns),
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function isContinued(run: Run, atMs: number, { action, reason, zones }: VerdictRecord): boolean {
  if (run.action !== action || run.reason !== reason || run.zones.length !== zones.length) return false;
  if (atMs - run.untilMs > MAX_STAND_MS) return false;
  for (let i = 0; i < zones.length; i++) if (run.zones[i] !== zones[i]) return false;
  return true;
}

const SEVERITY: Readonly<Record<Action, number>> = { pass: 0, blur: 1, drop: 2 };

/** Worst wins: of two, the one that names what happened to both. */
export function worseOf<T extends { readonly action: Action }>(a: T, b: T): T {
  return SEVERITY[b.action] > SEVERITY[a.action] ? b : a;
}

function joinRuns(runs: readonly [Run, ...Run[]]): Run {
  const [first] = runs;
  let [worst, untilMs, toMs] = [first, first.untilMs, first.toMs];
  let [passed, blurred, dropped, others] = [0, 0, 0, runs.length - 1];
  for (const run of runs) {
    worst = worseOf(worst, run);
    untilMs = Math.max(untilMs, run.untilMs);
    toMs = run.toMs;
    passed += run.passed;
    blurred += run.blurred;
    dropped += run.dropped;
    others += run.others;
  }
  return {
    ...worst,
    atMs: first.atMs,
    untilMs,
    fromMs: first.fromMs,
    toMs,
    passed,
    blurred,
    dropped,
    others,
  };
}
