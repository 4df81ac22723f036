import type {
  FrameArrival,
  FrameFact,
  PixelSource,
  Result,
  Scenario,
  SimulatedDrive,
  StoredFact,
} from "../../../simulator/index.ts";
import { createExpectations, createOracle, gapM, simulateDrive } from "../../../simulator/index.ts";
import type { GuardPolicyInput } from "../../config.ts";
import { GuardPolicy } from "../../config.ts";
import { CamfenceError } from "../../core/errors.ts";
import type { ClearanceMode } from "../../gate/gatekeeper.ts";
import type { Outcome } from "../../gate/record.ts";
import type { Summary } from "../../gate/summary.ts";
import type { Revocation } from "../../guard-interface.ts";
import type { Camera } from "../../sources/camera.ts";
import { runDrive } from "./simulate-run.ts";
import { createTally } from "../replay/summary.ts";

/** What came of one drive of a scenario. */
export interface RunResult extends Pick<Summary, "frames" | "byReason" | "byCamera" | "zonesTouched"> {
  readonly scenario: string;
  readonly seed: number;
  readonly durationS: number;
  readonly distanceM: number;
  /** Released frames that truly showed what they may not; `withdrawn` counts those that were revoked at once. */
  readonly leaks: { readonly kept: number; readonly withdrawn: number; readonly whileBroken: number };
  readonly revocations: number;
  readonly breaks: SimulatedDrive["breaks"];
  readonly results: readonly Result[];
  readonly met: boolean;
}

export interface Watcher {
  readonly pixels?: PixelSource | undefined;
  readonly clearance?: ClearanceMode | undefined;
  readonly onOutcome?: (outcome: Outcome, arrival: FrameArrival) => void | Promise<void>;
  readonly onRevocation?: (revocation: Revocation) => void;
}

/** Runs repeat: the random margins come from the run's seed unless the scenario names one. */
export function policyOf({ policy }: Scenario, seed: number): GuardPolicyInput {
  const checked = GuardPolicy.safeParse(policy);
  if (!checked.success) {
    const mistakes = checked.error.issues.map(({ path, message }) => `policy.${path.join(".")}: ${message}`);
    throw new CamfenceError("malformed", mistakes.join("\n"));
  }
  return { ...checked.data, gate: { ...checked.data.gate, seed: checked.data.gate.seed ?? seed } };
}

/** Simulates one drive, guards it, and says whether all that is expected of it came. */
export async function simulateOne(
  scenario: Scenario,
  seed: number,
  watcher: Watcher = {},
  drive: SimulatedDrive = simulateDrive(scenario, seed),
): Promise<RunResult> {
  const expectations = createExpectations(scenario.expect, drive.startMs);
  const tally = createTally();
  const leaks = createLeakCount();
  const factOf = createFacts(drive);
  let revocations = 0;
  const storage = await storageOf(scenario, (fact) => expectations.stored(fact));
  await runDrive(drive, {
    storage,
    policy: policyOf(scenario, seed),
    pixels: watcher.pixels,
    clearance: watcher.clearance,
    onOutcome(outcome, arrival) {
      tally.add(outcome.record);
      const fact = factOf(outcome, arrival);
      leaks.frame(fact);
      expectations.frame(fact);
      return watcher.onOutcome?.(outcome, arrival);
    },
    onRevocation(revocation) {
      revocations++;
      leaks.revoked(revocation);
      expectations.revoked(revocation.afterMs, revocation.untilMs);
      watcher.onRevocation?.(revocation);
    },
  });
  const results = expectations.results();
  return {
    scenario: scenario.title,
    seed,
    durationS: (drive.endMs - drive.startMs) / 1000,
    distanceM: Math.round(drive.truthAt(drive.endMs).drivenM),
    ...tally.counts(),
    leaks: leaks.counts(),
    revocations,
    breaks: drive.breaks,
    results,
    met: results.every(({ met }) => met),
  };
}

/** Sealing costs more than judging: only where something is expected of it. */
async function storageOf({ expect }: Scenario, tell: (fact: StoredFact) => void) {
  if (!expect.some(({ that }) => that === "stored")) return null;
  const { createSimulatedStorage } = await import("./simulate-storage.ts");
  return createSimulatedStorage(tell);
}

/** Sets each outcome against the truth. */
function createFacts(drive: SimulatedDrive): (outcome: Outcome, arrival: FrameArrival) => FrameFact {
  const oracle = createOracle();
  const cameras = new Map<string, Camera>(drive.cameras.map((camera) => [camera.id, camera]));
  return ({ record, released }, { exposedMs, arrivedMs }) => {
    const { camera: id, action, reason, zones } = record;
    const camera = cameras.get(id);
    const leakNow = () => {
      if (released === null || action === "drop" || camera === undefined) return null;
      return oracle.leak(drive.zonesAt(arrivedMs), drive.truthAt(exposedMs), camera, action);
    };
    return {
      atMs: exposedMs,
      timeMs: record.timeMs,
      camera: id,
      action,
      reason,
      zones,
      place: () => drive.truthAt(exposedMs),
      truth: {
        leak: leakNow(),
        broken: isBroken(drive, exposedMs),
        gapM(zoneId) {
          const zone = drive.zonesAt(arrivedMs).zones.find((each) => each.id === zoneId);
          return zone === undefined || camera === undefined
            ? null
            : gapM(zone, drive.truthAt(exposedMs), camera);
        },
      },
    };
  };
}

/** A fix stands for as long as the guard lets it: what it broke, it breaks for so long. */
const STANDS_MS = 2000;

function isBroken({ breaks }: SimulatedDrive, timeMs: number): boolean {
  if (breaks.length === 0) return false;
  return breaks.some(({ fromMs, untilMs }) => timeMs >= fromMs - STANDS_MS && timeMs <= untilMs + STANDS_MS);
}

function createLeakCount() {
  let open: FrameFact[] = [];
  let withdrawn = 0;
  return {
    frame(fact: FrameFact): void {
      if (fact.truth?.leak != null) open.push(fact);
    },
    revoked({ afterMs, untilMs }: Revocation): void {
      const kept = open.filter(({ timeMs }) => !(timeMs > afterMs && timeMs <= untilMs));
      withdrawn += open.length - kept.length;
      open = kept;
    },
    counts() {
      const whileBroken = open.filter(({ truth }) => truth?.broken).length;
      return { kept: open.length - whileBroken, withdrawn, whileBroken };
    },
  };
}
