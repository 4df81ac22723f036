import type { Reason } from "../../src/gate/verdict.ts";
import type { Account } from "./accounts.ts";
import type { Distance } from "./crossings.ts";
import type { DriveResult, LeakFound } from "./run-drive.ts";

/** What came of all drives so far. Plain data: it is the state that a campaign goes on from. */
export interface Totals {
  drives: number;
  frames: number;
  released: number;
  restricted: number;
  leaks: number;
  withdrawn: number;
  unproven: number;
  proofsChecked: number;
  unmeasured: number;
  /** Drives in which an assumption was broken, the frames of them, and what leaked after that. */
  brokenDrives: number;
  brokenFrames: number;
  brokenLeaks: number;
  brokenWithdrawn: number;
  readonly brokenBy: Record<string, { drives: number; leaks: number }>;
  readonly reasons: Partial<Record<Reason, number>>;
  readonly early: (readonly [guardM: number, leastM: number])[];
  readonly late: (readonly [guardM: number, leastM: number])[];
  /** Drives whose released frames were stored, and what became of these; seeds whose account is wrong. */
  readonly stored: { drives: number; released: number; stored: number; lost: number; unaccounted: number };
  readonly wrongAccounts: number[];
  readonly firstLeaks: LeakFound[];
  /** Seeds to look at: of the earliest closings, the latest openings, and passes that were not proven. */
  readonly worst: { readonly what: string; readonly seed: number; readonly metres: number }[];
}

const KEPT = 20;

export function noTotals(): Totals {
  return {
    drives: 0,
    frames: 0,
    released: 0,
    restricted: 0,
    leaks: 0,
    withdrawn: 0,
    unproven: 0,
    proofsChecked: 0,
    unmeasured: 0,
    brokenDrives: 0,
    brokenFrames: 0,
    brokenLeaks: 0,
    brokenWithdrawn: 0,
    brokenBy: {},
    reasons: {},
    early: [],
    late: [],
    stored: { drives: 0, released: 0, stored: 0, lost: 0, unaccounted: 0 },
    wrongAccounts: [],
    firstLeaks: [],
    worst: [],
  };
}

/** Adds a drive to the totals. */
export function add(totals: Totals, drive: DriveResult): void {
  const counts = ["frames", "released", "restricted", "leaks", "withdrawn", "unproven"] as const;
  const more = ["proofsChecked", "unmeasured", "brokenLeaks", "brokenWithdrawn"] as const;
  for (const key of [...counts, ...more]) totals[key] += drive[key];
  totals.drives++;
  for (const [reason, count] of Object.entries(drive.reasons) as [Reason, number][])
    totals.reasons[reason] = (totals.reasons[reason] ?? 0) + count;
  if (drive.breaks.length > 0) addBroken(totals, drive);
  if (drive.account !== null) addAccount(totals, drive.seed, drive.account);
  totals.early.push(...drive.early.map(pair));
  totals.late.push(...drive.late.map(pair));
  totals.firstLeaks.push(...drive.firstLeaks.slice(0, Math.max(0, KEPT - totals.firstLeaks.length)));
  for (const [what, all] of [["early", drive.early] as const, ["late", drive.late] as const]) {
    const most = Math.max(0, ...all.map(({ guardM, leastM }) => guardM - leastM));
    if (most > 0) keepWorst(totals, { what, seed: drive.seed, metres: most });
  }
  if (drive.unproven > 0) keepWorst(totals, { what: "unproven", seed: drive.seed, metres: drive.unproven });
}

function addBroken(totals: Totals, { frames, brokenLeaks, breaks }: DriveResult): void {
  totals.brokenDrives++;
  totals.brokenFrames += frames;
  for (const assumption of breaks) {
    const by = (totals.brokenBy[assumption] ??= { drives: 0, leaks: 0 });
    by.drives++;
    by.leaks += brokenLeaks;
  }
}

function addAccount({ stored, wrongAccounts }: Totals, seed: number, account: Account): void {
  stored.drives++;
  for (const key of ["released", "stored", "lost", "unaccounted"] as const) stored[key] += account[key];
  if (account.isWrong) wrongAccounts.push(seed);
}

function keepWorst({ worst }: Totals, next: Totals["worst"][number]): void {
  worst.push(next);
  worst.sort((a, b) => b.metres - a.metres);
  const of = worst.filter(({ what }) => what === next.what);
  const last = of[5];
  if (last !== undefined) worst.splice(worst.indexOf(last), 1);
}

function pair({ guardM, leastM }: Distance): readonly [number, number] {
  return [Math.round(guardM * 100) / 100, Math.round(leastM * 100) / 100];
}

export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { count: sorted.length, mean, p50: at(0.5), p95: at(0.95), max: at(1) };
}
