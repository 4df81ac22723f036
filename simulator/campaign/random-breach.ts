import type { Random } from "../../src/core/random.ts";
import type { ScenarioInput } from "../scenario/scenario.ts";
import { pick, within } from "./draw.ts";

type Breach = Pick<ScenarioInput, "receiver" | "attacks" | "faults">;

/** One thing that the guard assumes never to happen: its frames are counted apart. */
export function randomBreach(random: Random, lastS: number): Breach {
  const atS = within(random, 8, lastS * 0.6);
  const forS = within(random, 3, 40);
  const bearingDeg = within(random, 0, 360);
  const breaches: readonly (() => Breach)[] = [
    () => ({
      receiver: {
        accuracy: { says: "optimistic", factor: within(random, 0.1, 0.9) },
        noise: { tails: "normal" },
      },
    }),
    () => ({ attacks: [{ kind: "drift", atS, forS, mps: 5 * random() ** 2 + 0.05, bearingDeg }] }),
    () => ({
      attacks: [
        {
          kind: "meaconing",
          atS,
          forS,
          at: { eastM: within(random, -900, 900), northM: within(random, -900, 900) },
        },
      ],
    }),
    () => ({
      attacks: [{ kind: "replay", atS, forS, agoS: within(random, 1, 30), restamped: random() < 0.5 }],
    }),
    () => ({
      attacks: [
        {
          kind: "clock-step",
          atS,
          byMs: within(random, -5000, 5000),
          of: pick(random, ["all", "cameras", "receiver"] as const),
        },
      ],
    }),
    () => ({ faults: [{ kind: "wrong-places", atS, forS }] }),
    () => ({
      receiver: {
        multipathAtRandom: { everyS: 20, forS: within(random, 1, 8), offsetM: within(random, 5, 120) },
      },
    }),
    () => ({
      receiver: {
        outages: [
          {
            atS,
            forS: within(random, 1, 40),
            says: "nothing",
            jumpM: within(random, 10, 250),
            settlesS: within(random, 0, 10),
          },
        ],
      },
    }),
    // As one was in the field.
    () => ({ receiver: { outages: [{ atS, forS: 40, jumpM: 211, settlesS: 10 }] } }),
    () => ({ receiver: { stuck: [{ atS, forS }] } }),
    () => ({ receiver: { weekRolloverAtS: atS } }),
    () => ({ receiver: { leapSecond: { atS, byS: pick(random, [-1, 1]) } } }),
  ];
  return pick(random, breaches)();
}
