import type { FrameArrival, SimulatedDrive, ZoneSetTruth } from "../../simulator/index.ts";
import { simulateDrive } from "../../simulator/index.ts";
import { createQuickOracle } from "../../simulator/truth/quick-oracle.ts";
import type { Flavour } from "../../simulator/campaign/random-scenario.ts";
import { randomScenario } from "../../simulator/campaign/random-scenario.ts";
import type { GuardPolicyInput } from "../../src/config.ts";
import { GuardPolicy } from "../../src/config.ts";
import type { Outcome } from "../../src/gate/record.ts";
import type { Reason } from "../../src/gate/verdict.ts";
import type { Revocation } from "../../src/guard-interface.ts";
import type { Camera } from "../../src/sources/camera.ts";
import { pixelsFor } from "../../src/cli/simulate/simulate-pixels.ts";
import { runDrive } from "../../src/cli/simulate/simulate-run.ts";
import type { Account, Accountant } from "./accounts.ts";
import { createAccountant } from "./accounts.ts";
import { measureCrossings } from "./crossings.ts";
import type { Crossings } from "./crossings.ts";

/** A frame that came in, what became of it, and what should have. */
export interface Judgement {
  readonly camera: Camera;
  readonly exposedMs: number;
  readonly arrivedMs: number;
  readonly stampErrorMs: number;
  readonly reason: Reason;
  readonly action: Outcome["record"]["action"];
  /** Whether the truth forbids to let it pass. */
  readonly restricted: boolean;
  readonly leak: string | null;
  readonly zones: ZoneSetTruth;
}

export interface LeakFound {
  readonly flavour: Flavour;
  readonly seed: number;
  readonly camera: string;
  readonly atS: number;
  readonly how: string;
}

/** What came of one drive. Plain data. */
export interface DriveResult extends Crossings {
  readonly seed: number;
  readonly flavour: Flavour;
  readonly frames: number;
  readonly released: number;
  readonly restricted: number;
  readonly reasons: Readonly<Partial<Record<Reason, number>>>;
  /** Leaks while all that the guard assumes held, and the first of them. */
  readonly leaks: number;
  readonly firstLeaks: readonly LeakFound[];
  /** Released, and withdrawn at once by a revocation. */
  readonly withdrawn: number;
  /** Leaks after the first time that an assumption was broken; of them, those that were withdrawn. */
  readonly brokenLeaks: number;
  readonly brokenWithdrawn: number;
  /** What broke it, if anything did. */
  readonly breaks: readonly string[];
  /** Of drives that are stored. */
  readonly account: Account | null;
}

const FIRST_LEAKS = 5;

/** Makes up one drive, guards it, and holds what came of it against the truth. */
export async function runCampaignDrive(seed: number, flavour: Flavour): Promise<DriveResult> {
  const scenario = await randomScenario(seed, flavour);
  const drive = simulateDrive(scenario);
  const policy = GuardPolicy.parse(scenario.policy);
  const accountant = await createAccountant(scenario);
  const { all, revocations } = await judge(drive, policy, accountant);
  const brokenFromMs = drive.breaks[0]?.fromMs ?? Infinity;
  const isWithdrawn = ({ exposedMs, stampErrorMs, arrivedMs }: Judgement): boolean => {
    const timeMs = drive.clockAt(exposedMs) + stampErrorMs;
    return revocations.some(
      ({ atMs, afterMs, untilMs }) => atMs >= arrivedMs && timeMs > afterMs && timeMs <= untilMs,
    );
  };
  const leaks = all.filter(({ leak }) => leak !== null);
  const kept = leaks.filter((each) => !isWithdrawn(each));
  // What a wrong fix speaks of is judged when it has come, and it may come before the frames of a little earlier.
  const honest = (each: Judgement): boolean => each.arrivedMs + policy.gate.holdMs < brokenFromMs;
  const within = kept.filter(honest);
  return {
    seed,
    flavour,
    frames: all.length,
    released: all.filter(({ action }) => action !== "drop").length,
    restricted: all.filter(({ restricted }) => restricted).length,
    reasons: countReasons(all),
    leaks: within.length,
    firstLeaks: within.slice(0, FIRST_LEAKS).map(({ camera, exposedMs, leak }) => ({
      flavour,
      seed,
      camera: camera.id,
      atS: (exposedMs - drive.startMs) / 1000,
      how: leak ?? "",
    })),
    withdrawn: leaks.filter((each) => honest(each) && isWithdrawn(each)).length,
    brokenLeaks: kept.length - within.length,
    brokenWithdrawn: leaks.filter((each) => !honest(each) && isWithdrawn(each)).length,
    breaks: [...new Set(drive.breaks.map(({ assumption }) => assumption))],
    account: accountant?.account() ?? null,
    // Where assumptions are broken there is no least that a sound judge must do.
    ...measureCrossings(drive, drive.breaks.length > 0 ? [] : all, policy.gate.holdMs),
  };
}

async function judge(drive: SimulatedDrive, policy: GuardPolicyInput, accountant: Accountant | null) {
  const oracle = createQuickOracle(drive.truthAt(drive.startMs));
  const cameras = new Map<string, Camera>(drive.cameras.map((camera) => [camera.id, camera]));
  const stampErrorMs = new Map(drive.scenario.cameras.map(({ id, stampErrorMs: error }) => [id, error]));
  const all: Judgement[] = [];
  const revocations: (Revocation & { readonly atMs: number })[] = [];
  let nowMs = drive.startMs;
  const onOutcome = ({ record }: Outcome, { arrivedMs, exposedMs }: FrameArrival): void => {
    nowMs = arrivedMs;
    const camera = cameras.get(record.camera);
    if (camera === undefined) throw new RangeError(`a record of no camera: ${record.camera}`);
    const { action, reason } = record;
    if (action !== "drop") accountant?.released();
    const zones = drive.zonesAt(arrivedMs);
    const truth = drive.truthAt(exposedMs);
    const restricted = oracle.restricts(zones, truth, camera);
    // What may pass may be released in any way.
    const found = action === "drop" || !restricted ? null : oracle.leak(zones, truth, camera, action);
    const leak =
      found === null ? null : `${action}: ${found.how} ${found.zone} at ${found.distanceM.toFixed(2)} m`;
    const error = stampErrorMs.get(camera.id) ?? 0;
    all.push({
      camera,
      exposedMs,
      arrivedMs,
      stampErrorMs: error,
      reason,
      action,
      restricted,
      leak,
      zones,
    });
  };
  await runDrive(drive, {
    policy,
    pixels: await pixelsFor(drive.scenario),
    storage: accountant?.storage ?? null,
    onOutcome,
    onRevocation: (revocation) => revocations.push({ ...revocation, atMs: nowMs }),
  });
  return { all, revocations };
}

function countReasons(all: readonly Judgement[]): Readonly<Partial<Record<Reason, number>>> {
  const counts: Partial<Record<Reason, number>> = {};
  for (const { reason } of all) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** Of four drives, one breaks an assumption. */
export function flavourOf(seed: number): Flavour {
  return seed % 4 === 3 ? "breach" : "within";
}
