import { stringify } from "yaml";
import type { Scenario } from "../../../simulator/index.ts";
import { cutsOf, withoutDefaults } from "./simulate-cuts.ts";
import { simulateOne } from "./simulate-one.ts";
import type { RunResult } from "./simulate-one.ts";
import { pixelsFor } from "./simulate-pixels.ts";

/** How long a smaller drive is looked for. */
const LIMIT_MS = 20_000;

/**
 * A smaller drive that fails alike, as the text of a scenario: parts are left out (attacks, faults, zones, cameras, what is
 * wrong with the receiver, stops and turns, the rest of the drive) for as long as the first unmet expectation stays unmet,
 * as fast-check shrinks. An expectation that something happens is unmet by nothing at all: such a scenario stays whole.
 */
export async function shrink(scenario: Scenario, failed: RunResult): Promise<string> {
  const index = failed.results.findIndex(({ met, isAbsence }) => !met && !isAbsence);
  const expect = scenario.expect.filter((_, i) => index < 0 || i === index);
  const seeded: Scenario = { ...scenario, seed: failed.seed, expect };
  const minimal = index < 0 ? seeded : ((await smallest(seeded, failed.durationS)) ?? seeded);
  return stringify(withoutDefaults(minimal), { lineWidth: 110 });
}

async function smallest(scenario: Scenario, durationS: number): Promise<Scenario | null> {
  const fc = await import("fast-check");
  const cuts = cutsOf(scenario);
  const tenths = Math.ceil(durationS * 10);
  const flag = fc.integer({ min: 0, max: 1 });
  const kept = ([until, flags]: readonly [number, readonly number[]]): Scenario => {
    const rest = cuts.reduce((left, cut, i) => (flags[i] === 0 ? cut(left) : left), scenario);
    return until < tenths ? { ...rest, route: { ...rest.route, endsS: until / 10 } } : rest;
  };
  const holds = fc.asyncProperty(
    fc.tuple(fc.integer({ min: 10, max: tenths }), fc.tuple(...cuts.map(() => flag))),
    async (keep) => !(await fails(kept(keep))),
  );
  const everything: [number, number[]] = [tenths, cuts.map(() => 1)];
  const { counterexample } = await fc.check(holds, {
    examples: [[everything]],
    numRuns: 1,
    interruptAfterTimeLimit: LIMIT_MS,
  });
  const [keep] = counterexample ?? [];
  return keep === undefined ? null : kept(keep);
}

/** Only a counterexample counts. A part without which the scenario is none is needed. */
async function fails(scenario: Scenario): Promise<boolean> {
  try {
    const { results } = await simulateOne(scenario, scenario.seed, { pixels: await pixelsFor(scenario) });
    return results.some(({ met, isAbsence }) => !met && !isAbsence);
  } catch {
    return false;
  }
}
