import { processStat } from "../kit/daemon/process-table.ts";
import { openStreet } from "./daemon-street.ts";
import { median } from "./rounds.ts";

const STARTS = 20;

/** From the start of the process to the first verdict, with eight cameras and a receiver that are there already. */
export async function benchDaemonStart(print: (line: string) => void): Promise<void> {
  await using street = await openStreet(STARTS * 5);
  const tookMs: number[] = [];
  const cpuMs: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const daemon = await street.start();
    try {
      const first = await daemon.logged(({ msg }) => msg === "first verdict");
      cpuMs.push(processStat(daemon.pid)?.cpuMs ?? Number.NaN);
      tookMs.push(Number(first["sinceStartMs"]));
      await daemon.stop();
    } finally {
      daemon.child.kill("SIGKILL");
    }
  }
  const nine = tookMs.toSorted((a, b) => a - b)[Math.ceil(0.9 * STARTS) - 1] ?? Number.NaN;
  print(`daemon: start to first verdict, ${STARTS} starts`);
  print(`  median ${median(tookMs)} ms, 9 of 10 within ${nine} ms (target 500)`);
  print(`  of it processor time of its own: median ${median(cpuMs)} ms`);
}
