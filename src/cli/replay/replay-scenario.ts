import { loadScenario, simulateDrive } from "../../../simulator/index.ts";
import { GuardPolicy } from "../../config.ts";
import { formatIso } from "../../core/time.ts";
import type { Summary } from "../../gate/summary.ts";
import type { Io } from "../io.ts";
import { openReplayOutput } from "./replay-output.ts";
import { simulateOne } from "../simulate/simulate-one.ts";
import { pixelsFor } from "../simulate/simulate-pixels.ts";
import { runSummary } from "../simulate/simulate-summary.ts";
import { compiledZones } from "../simulate/simulate-zones.ts";

export function isScenario(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

/** Plays a scenario as a recorded drive is played: by its own zones, cameras and policy, on its own seed. */
export async function replayScenario(path: string, out: string | null, io: Io): Promise<Summary> {
  const scenario = await loadScenario(path, { policy: GuardPolicy });
  const drive = simulateDrive(scenario);
  const zones = compiledZones(drive.zones, drive.startMs);
  const output = out === null ? null : await openReplayOutput(out, { zones, cameras: drive.cameras });
  const revocations: Summary["revocations"][number][] = [];
  const beganMs = io.nowMs();
  const watcher = {
    pixels: await pixelsFor(scenario),
    clearance: "exact",
    onOutcome: (outcome: Parameters<NonNullable<typeof output>["add"]>[0]) => output?.add(outcome),
    onRevocation: ({ afterMs, untilMs }: { readonly afterMs: number; readonly untilMs: number }) =>
      void revocations.push({ after: formatIso(afterMs), until: formatIso(untilMs) }),
  } as const;
  const result = await simulateOne(scenario, scenario.seed, watcher, drive);
  const speedFactor = Math.round((1000 * result.durationS) / Math.max(1, io.nowMs() - beganMs));
  const zoneSet = { hash: zones.hash, zones: zones.zones.length };
  const summary = runSummary(result, drive, { zoneSet, revocations }, speedFactor);
  await output?.close(summary);
  return summary;
}
