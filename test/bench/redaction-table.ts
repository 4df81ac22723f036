/** One measurement; each target is a peer's name, its milliseconds, and how many times as fast we are to be. */
export interface Row {
  readonly what: string;
  readonly ms: number;
  readonly targets: readonly (readonly [peer: string, peerMs: number, factor: number])[];
}

/** Median time of one call after a warm-up; `work` may be asynchronous. */
export function medianMs(rounds: number, work: () => Promise<unknown>): Promise<number>;
export function medianMs(rounds: number, work: () => unknown): number;
export function medianMs(rounds: number, work: () => unknown): number | Promise<number> {
  const first = work();
  if (first instanceof Promise) return medianOfAsync(rounds, first, work);
  const times = Array.from({ length: rounds + Math.ceil(rounds / 5) }, () => {
    const startMs = performance.now();
    work();
    return performance.now() - startMs;
  });
  return median(times.slice(-rounds));
}

export function printTable(title: string, rows: readonly Row[], print: (line: string) => void): void {
  print(title);
  for (const { what, ms, targets } of rows) {
    print(`  ${what}: ${ms.toFixed(4)} ms, ${(1000 / ms).toFixed(0)} a second`);
    for (const [peer, peerMs, factor] of targets) {
      const ratio = peerMs / ms;
      const met = ratio >= factor ? "met" : "MISSED";
      print(`    ${ratio.toPrecision(3)} × ${peer} (${peerMs.toFixed(3)} ms); target ${factor} ×, ${met}`);
    }
  }
}

async function medianOfAsync(rounds: number, first: Promise<unknown>, work: () => unknown): Promise<number> {
  await first;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startMs = performance.now();
    await work();
    times.push(performance.now() - startMs);
  }
  return median(times);
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}
