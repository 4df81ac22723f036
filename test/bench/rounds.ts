/** Something to measure: `work` does `count` things and returns a number that depends on all of them. */
export interface Contender {
  readonly name: string;
  readonly count: number;
  readonly work: () => number;
  /** What the rate is to be: a multiple of another contender's, or so many a second. */
  readonly target?: { readonly of: string; readonly factor: number } | { readonly perSecond: number };
}

/**
 * Medians of interleaved rounds, so that a busy machine slows all alike; rates in things a second of processor time,
 * which does not count what other processes take.
 */
export function measure(contenders: readonly Contender[], rounds = 9): ReadonlyMap<string, number> {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = -2; round < rounds; round++) {
    for (const { name, work } of contenders) {
      const before = process.cpuUsage();
      consumed += work();
      const { user, system } = process.cpuUsage(before);
      // The first two warm up.
      if (round >= 0) times.get(name)?.push((user + system) / 1000);
    }
  }
  return new Map(contenders.map(({ name, count }) => [name, (1000 * count) / median(times.get(name) ?? [])]));
}

/** Keeps the results in use, so that nothing measured is optimised away. */
let consumed = 0;
export const isSane = () => Number.isFinite(consumed);

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** One line for each contender: its rate, and how it stands to its target. */
export function printRates(
  title: string,
  contenders: readonly Contender[],
  print: (line: string) => void,
): void {
  const rates = measure(contenders);
  print(title);
  for (const { name, target } of contenders) {
    const rate = rates.get(name) ?? Number.NaN;
    print(`  ${name.padEnd(52)} ${(rate / 1e6).toFixed(3).padStart(8)} M/s${standing(rate, target, rates)}`);
  }
}

function standing(rate: number, target: Contender["target"], rates: ReadonlyMap<string, number>): string {
  if (target === undefined) return "";
  const [ratio, wanted, what] =
    "of" in target
      ? [rate / (rates.get(target.of) ?? Number.NaN), target.factor, `× ${target.of}`]
      : [rate / 1e6, target.perSecond / 1e6, "M/s"];
  return `   ${ratio.toFixed(2)} ${what}; target ${wanted}, ${ratio >= wanted ? "met" : "MISSED"}`;
}
