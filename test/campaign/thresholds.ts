import type { ScenarioInput } from "../../simulator/index.ts";
import { Scenario, simulateDrive } from "../../simulator/index.ts";
import { runDrive } from "../../src/cli/simulate/simulate-run.ts";

/** How far a lie must go before the guard sees it, over several drives. */
export interface Unseen {
  readonly lie: string;
  readonly unit: string;
  /** The least size that was seen in every drive; null where even the largest was not. */
  readonly seen: number | null;
  /** The largest size that went unseen in some drive; null where all were seen. */
  readonly unseen: number | null;
  /** How far off the place was then. */
  readonly offM: number | null;
}

type Troubles = Pick<ScenarioInput, "receiver" | "attacks" | "faults">;

interface Lie {
  readonly lie: string;
  readonly unit: string;
  readonly sizes: readonly number[];
  readonly of: (size: number) => Troubles;
  readonly offM: ((size: number) => number) | null;
}

const AT_S = 15;
const FOR_S = 30;
const SPEED_MPS = 14;
const DRIVES = 6;

/** Geometric rows: each a quarter more than the one before. */
const rows = (from: number, to: number): readonly number[] => {
  const sizes: number[] = [];
  for (let size = from; size <= to; size *= 1.25) sizes.push(size);
  return sizes;
};
const jumpAt =
  (rateHz: number) =>
  (offsetM: number): Troubles => ({
    receiver: { rateHz, multipath: [{ atS: AT_S, forS: FOR_S, offsetM }] },
  });

const LIES: readonly Lie[] = [
  { lie: "the place jumps, 1 Hz", unit: "m", sizes: rows(2, 500), of: jumpAt(1), offM: (m) => m },
  { lie: "the place jumps, 5 Hz", unit: "m", sizes: rows(2, 500), of: jumpAt(5), offM: (m) => m },
  { lie: "the place jumps, 10 Hz", unit: "m", sizes: rows(2, 500), of: jumpAt(10), offM: (m) => m },
  {
    lie: `the track drifts sideways for ${FOR_S} s, speeds told to fit`,
    unit: "m/s",
    sizes: rows(0.1, 60),
    of: (mps) => ({ attacks: [{ kind: "drift", atS: AT_S, forS: FOR_S, mps, bearingDeg: 0 }] }),
    offM: (mps) => mps * FOR_S,
  },
  {
    lie: "the receiver's clock is off",
    unit: "ms",
    sizes: rows(20, 20_000),
    of: (byMs) => ({ attacks: [{ kind: "clock-step", atS: AT_S, byMs: -byMs, of: "receiver" }] }),
    offM: (ms) => (ms / 1000) * SPEED_MPS,
  },
  {
    lie: "the cameras' clock is late",
    unit: "ms",
    sizes: rows(20, 20_000),
    of: (byMs) => ({ attacks: [{ kind: "clock-step", atS: AT_S, byMs: -byMs, of: "cameras" }] }),
    offM: (ms) => (ms / 1000) * SPEED_MPS,
  },
  {
    lie: "the cameras' clock is early",
    unit: "ms",
    sizes: rows(20, 20_000),
    of: (byMs) => ({ attacks: [{ kind: "clock-step", atS: AT_S, byMs, of: "cameras" }] }),
    offM: (ms) => (ms / 1000) * SPEED_MPS,
  },
  {
    lie: "old fixes come again with new times",
    unit: "s",
    sizes: rows(0.2, 10),
    of: (agoS) => ({ attacks: [{ kind: "replay", atS: AT_S, forS: FOR_S, agoS, restamped: true }] }),
    offM: (s) => s * SPEED_MPS,
  },
  {
    lie: "the place stands still while the speed goes on",
    unit: "s",
    sizes: rows(0.2, 10),
    of: (forS) => ({ receiver: { stuck: [{ atS: AT_S, forS }] } }),
    offM: (s) => s * SPEED_MPS,
  },
];

/** Measures every lie: each size in several drives, from different seeds. */
export async function measureUnseen(drives = DRIVES): Promise<readonly Unseen[]> {
  const all: Unseen[] = [];
  for (const { lie, unit, sizes, of, offM } of LIES) {
    const seenIn: number[] = [];
    for (const size of sizes) {
      let count = 0;
      for (let seed = 1; seed <= drives; seed++) if (await isSeen(of(size), seed)) count++;
      seenIn.push(count);
    }
    const lastUnseen = seenIn.findLastIndex((count) => count < drives);
    const unseen = sizes[lastUnseen] ?? null;
    all.push({
      lie,
      unit,
      seen: sizes[lastUnseen + 1] ?? null,
      unseen,
      offM: unseen === null || offM === null ? null : offM(unseen),
    });
  }
  return all;
}

/** Whether the guard dropped a frame for the lie, on a straight road far from any zone. */
async function isSeen(troubles: Troubles, seed: number): Promise<boolean> {
  const scenario = Scenario.parse({
    camfence: { scenario: 1 },
    title: "a lie",
    seed,
    route: {
      waypoints: [
        { eastM: 0, northM: 0 },
        { eastM: SPEED_MPS * (AT_S + FOR_S + 10), northM: 0 },
      ],
      speedMps: SPEED_MPS,
    },
    zones: {
      features: [{ id: "far", shapes: [{ circle: { at: { eastM: 0, northM: 50_000 }, radiusM: 100 } }] }],
    },
    cameras: [{}],
    ...troubles,
  });
  const drive = simulateDrive(scenario);
  let seen = false;
  await runDrive(drive, {
    policy: { gate: { seed } },
    onOutcome({ record }, { exposedMs }) {
      const sinceS = (exposedMs - drive.startMs) / 1000 - AT_S;
      if (record.action === "drop" && sinceS > -2 && sinceS < FOR_S) seen = true;
    },
    onRevocation: () => (seen = true),
  });
  return seen;
}
