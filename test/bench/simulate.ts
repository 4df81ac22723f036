import { Scenario, simulateDrive } from "../../simulator/index.ts";
import { simulateOne } from "../../src/cli/simulate/simulate-one.ts";
import { median } from "./rounds.ts";

/** Half an hour in a town that is full of zones, and on a motorway that has few; four cameras, fixes at 10 Hz. */
const DRIVES = {
  town: { style: "town", lengthM: 12_000, speedMps: 12, zones: 40, offsetM: 400 },
  country: { style: "country", lengthM: 30_000, speedMps: 22, zones: 40, offsetM: 2000 },
  motorway: { style: "motorway", lengthM: 50_000, speedMps: 33, zones: 40, offsetM: 3000 },
} as const;
const FPS = 20;
const ROUNDS = 5;
const TARGET_PER_SECOND = 200_000;
const CORES = 2;

/** Simulated frames a second: made up, judged by the guard, and set against the truth; of processor time, on one core. */
export async function benchSimulate(print: (line: string) => void): Promise<void> {
  print(`simulate: frames/s of processor time, one core; target ${TARGET_PER_SECOND} on ${CORES} cores`);
  for (const [name, options] of Object.entries(DRIVES)) {
    const scenario = scenarioOf(name, options);
    const rates: number[] = [];
    let passed = 0;
    for (let round = -1; round < ROUNDS; round++) {
      const before = process.cpuUsage();
      const { frames } = await simulateOne(scenario, 1, {}, simulateDrive(scenario, 1));
      const { user, system } = process.cpuUsage(before);
      passed = frames.passed / frames.in;
      // The first warms up.
      if (round >= 0) rates.push((frames.in / (user + system)) * 1e6);
    }
    const rate = median(rates);
    const standing = rate * CORES >= TARGET_PER_SECOND ? "met" : "MISSED";
    print(
      `  ${name.padEnd(10)} ${(rate / 1000).toFixed(0).padStart(5)} k/s   ${(100 * passed).toFixed(0)} % pass   ${standing}`,
    );
  }
}

function scenarioOf(
  title: string,
  { style, lengthM, speedMps, zones, offsetM }: (typeof DRIVES)["town" | "country" | "motorway"],
): Scenario {
  return Scenario.parse({
    camfence: { scenario: 1 },
    title,
    route: { generated: { lengthM, style }, speedMps, speedVariation: 0.3 },
    zones: { generated: { count: zones, offsetM } },
    cameras: [
      { id: "front", fps: FPS },
      { id: "left", yawDeg: -60, fps: FPS },
      { id: "right", yawDeg: 60, fps: FPS },
      { id: "rear", yawDeg: 180, fps: FPS },
    ],
    receiver: { rateHz: 10 },
    expect: [{ that: "no-leak" }],
  });
}
