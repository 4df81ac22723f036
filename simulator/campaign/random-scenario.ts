import type { Random } from "../../src/core/random.ts";
import { seededRandom } from "../../src/core/random.ts";
import type { ScenarioInput } from "../scenario/scenario.ts";
import { Scenario } from "../scenario/scenario.ts";
import { randomBreach } from "./random-breach.ts";
import { randomFaults } from "./random-faults.ts";
import { randomReceiver } from "./random-receiver.ts";

/** Which drives a campaign makes up: such as keep to what the guard assumes, and such as break it on purpose. */
export type Flavour = "within" | "breach";

const ORIGINS = [
  { latDeg: 48.1, lonDeg: 11.5 },
  { latDeg: 0.01, lonDeg: 0.005 },
  { latDeg: -41.2, lonDeg: 179.995 },
  { latDeg: 69.6, lonDeg: -179.99 },
  { latDeg: 31.2, lonDeg: 121.4 },
  { latDeg: -33.4, lonDeg: -70.6 },
] as const;

/** Seconds after which a made-up drive ends, wherever it is: many short ones see more than few long ones. */
const LONGEST_S = 120;

export const STYLES = {
  town: { lengthM: 900, speedMps: 13 },
  country: { lengthM: 2000, speedMps: 25 },
  motorway: { lengthM: 3500, speedMps: 55 },
} as const;

/** A drive past made-up zones, all of it from the seed. The same seed gives the same scenario. */
export function randomScenario(seed: number, flavour: Flavour): Scenario {
  const random = chance(seed, 1);
  const breach = flavour === "breach" ? randomBreach(chance(seed, 2), LONGEST_S) : {};
  const faults = randomFaults(chance(seed, 3), LONGEST_S);
  const input: ScenarioInput = {
    camfence: { scenario: 1 },
    title: `campaign ${flavour} ${seed}`,
    seed,
    origin: pick(random, ORIGINS),
    vehicle: {
      accelerationMps2: within(random, 1, 6),
      brakingMps2: within(random, 2, 8),
      lateralMps2: within(random, 1, 6),
    },
    route: randomRoute(random),
    zones: randomZones(random),
    cameras: randomCameras(random),
    receiver: { ...randomReceiver(chance(seed, 4)), ...breach.receiver },
    attacks: [...faults.attacks, ...(breach.attacks ?? [])],
    faults: [...faults.faults, ...(breach.faults ?? [])],
    policy: { gate: { seed, holdMs: often(random, 0.2) ? 300 : 0, marginM: often(random, 0.2) ? 0 : 30 } },
  };
  return Scenario.parse(input);
}

function randomRoute(random: Random): ScenarioInput["route"] {
  const style = pick(random, ["town", "town", "country", "motorway"] as const);
  const { lengthM, speedMps } = STYLES[style];
  const length = lengthM * within(random, 0.6, 1.4);
  const along = (share: number): number => length * share;
  const atM = along(within(random, 0.2, 0.6));
  return {
    ...(often(random, 0.15)
      ? { waypoints: thereAndBack(random, length / 2) }
      : { generated: { lengthM: length, style } }),
    speedMps: speedMps * within(random, 0.5, 1.2),
    speedVariation: often(random, 0.5) ? 0.3 * random() : 0,
    stops: often(random, 0.3) ? [{ atM, forS: within(random, 2, 12) }] : [],
    reverses: often(random, 0.2) ? [{ atM: along(0.7), byM: within(random, 3, 25) }] : [],
    tunnels: often(random, 0.15) ? [{ fromM: along(0.3), toM: along(0.3) + within(random, 30, 200) }] : [],
    ferries: often(random, 0.05) ? [{ fromM: along(0.5), toM: along(0.5) + within(random, 20, 100) }] : [],
    waitsS: within(random, 1, 4),
    endsS: LONGEST_S,
  };
}

/** Out, a turn on the spot's circle, and home beside the same zones. */
function thereAndBack(random: Random, lengthM: number) {
  const bearing = 2 * Math.PI * random();
  const at = (alongM: number, asideM: number) => ({
    eastM: alongM * Math.sin(bearing) + asideM * Math.cos(bearing),
    northM: alongM * Math.cos(bearing) - asideM * Math.sin(bearing),
  });
  return [
    at(0, 0),
    at(lengthM / 2, within(random, -40, 40)),
    at(lengthM, 0),
    at(lengthM + 20, 20),
    at(lengthM, 30),
    at(0, 30),
  ];
}

function randomZones(random: Random): ScenarioInput["zones"] {
  const kinds = ["compound", "sliver", "nested", "hole", "circle", "parts"] as const;
  const some = kinds.filter(() => often(random, 0.5));
  return {
    generated: {
      count: 1 + Math.floor(random() * 10),
      kinds: [...some, ...(often(random, 0.05) || some.length === 0 ? (["range"] as const) : [])],
      offsetM: pick(random, [10, 50, 120, 250]),
      blurShare: pick(random, [0, 0.2, 0.6]),
      viewShare: pick(random, [0, 0.4, 0.8]),
    },
  };
}

function randomCameras(random: Random): NonNullable<ScenarioInput["cameras"]> {
  const ids = ["front", "rear", "left"].slice(0, 1 + Math.floor(random() * 3));
  return ids.map((id, i) => ({
    id,
    yawDeg: often(random, 0.7) ? ([0, 180, -90][i] ?? 0) : within(random, -180, 180),
    hfovDeg: pick(random, [30, 60, 100, 190, 360]),
    rangeM: often(random, 0.5) ? within(random, 30, 300) : Number.MAX_VALUE,
    fps: pick(random, [10, 15, 30]),
    jitterMs: often(random, 0.3) ? 5 * random() : 0,
    stampErrorMs: often(random, 0.5) ? within(random, -48, 48) : 0,
    latencyMs: within(random, 5, 200),
    latencyJitterMs: often(random, 0.3) ? 100 * random() : 0,
  }));
}

export function within(random: Random, from: number, to: number): number {
  return from + (to - from) * random();
}

export function often(random: Random, share: number): boolean {
  return random() < share;
}

export function pick<T>(random: Random, from: readonly [T, ...T[]] | readonly T[]): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new RangeError("nothing to pick from");
  return found;
}

/** A row of random numbers of its own for each part, so that a change to one leaves the others. */
function chance(seed: number, part: number): Random {
  return seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(part, 0x85ebca6b));
}
