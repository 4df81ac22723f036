import { withFiles } from "../scenario/load-scenario.ts";
import type { ScenarioInput } from "../scenario/scenario.ts";
import { Scenario } from "../scenario/scenario.ts";
import { chanceOf, often, within } from "./draw.ts";
import { randomBreach } from "./random-breach.ts";
import { randomCameras } from "./random-cameras.ts";
import { randomFaults } from "./random-faults.ts";
import { randomReceiver } from "./random-receiver.ts";
import { randomWay } from "./random-way.ts";
import { randomZones } from "./random-zones.ts";

/** Which drives a campaign makes up: such as keep to what the guard assumes, and such as break it on purpose. */
export type Flavour = "within" | "breach";

/** Seconds after which a made-up drive ends, wherever it is: many short ones see more than few long ones. */
const LONGEST_S = 120;
/** Frames that wait for the disk when the process is killed, seconds. */
const LOST_WITH_A_KILL_S = 2;

/** A drive past made-up zones, all of it from the seed; the files that it names are read. The same seed gives the same scenario. */
export async function randomScenario(seed: number, flavour: Flavour): Promise<Scenario> {
  return withFiles(drawScenario(seed, flavour), "simulator/scenarios/drawn.yaml");
}

/** … and not read. */
export function drawScenario(seed: number, flavour: Flavour): Scenario {
  const random = chanceOf(seed, 1);
  const breach = flavour === "breach" ? randomBreach(chanceOf(seed, 2), LONGEST_S) : {};
  const troubles = randomFaults(chanceOf(seed, 3), LONGEST_S);
  const faults = [...troubles.faults, ...(breach.faults ?? [])];
  const storing = storingOf(seed, faults);
  const way = randomWay(chanceOf(seed, 5), LONGEST_S);
  const input: ScenarioInput = {
    camfence: { scenario: 1 },
    title: `campaign ${flavour} ${seed}`,
    seed,
    origin: way.origin,
    startsAt: way.startsAt,
    vehicle: {
      accelerationMps2: within(random, 1, 6),
      brakingMps2: within(random, 2, 8),
      lateralMps2: within(random, 1, 6),
    },
    route: way.route,
    zones: randomZones(chanceOf(seed, 6), way),
    cameras: randomCameras(random, storing.length > 0 ? { cameras: 2, fps: 10 } : { cameras: 3, fps: 30 }),
    receiver: { ...randomReceiver(chanceOf(seed, 4)), ...breach.receiver },
    attacks: [...troubles.attacks, ...(breach.attacks ?? [])],
    faults,
    policy: { gate: { seed, holdMs: often(random, 0.2) ? 300 : 0, marginM: often(random, 0.2) ? 0 : 30 } },
    expect: storing,
  };
  return Scenario.parse(input);
}

/** What is released by some drives is stored, on a disk that fills up and by a process that is killed. */
function storingOf(
  seed: number,
  faults: NonNullable<ScenarioInput["faults"]>,
): NonNullable<ScenarioInput["expect"]> {
  const random = chanceOf(seed, 7);
  const kills = faults.filter(({ kind }) => kind === "kill").length;
  const concerns = kills > 0 || faults.some(({ kind }) => kind === "disk-full");
  if (!often(random, concerns ? 0.4 : 0.02)) return [];
  return [{ that: "stored", unaccountedAtMost: 20 * LOST_WITH_A_KILL_S * kills }];
}
