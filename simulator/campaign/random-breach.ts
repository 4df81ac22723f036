import type { Random } from "../../src/core/random.ts";
import type { ScenarioInput } from "../scenario/scenario.ts";
import { pick, within } from "./draw.ts";

type Breach = Pick<ScenarioInput, "receiver" | "attacks" | "faults">;
type Attack = NonNullable<Breach["attacks"]>[number];

/** When it begins, and for how long. */
interface Span {
  readonly atS: number;
  readonly forS: number;
}

/** One thing that the guard assumes never to happen: its frames are counted apart. */
export function randomBreach(random: Random, lastS: number): Breach {
  const atS = within(random, 8, lastS * 0.6);
  const forS = within(random, 3, 40);
  const bearingDeg = within(random, 0, 360);
  const breaches: readonly (() => Breach)[] = [
    () => optimistic(random),
    () => ({ attacks: [{ kind: "drift", atS, forS, mps: 5 * random() ** 2 + 0.05, bearingDeg }] }),
    () => ({ attacks: [meaconing(random, { atS, forS })] }),
    () => ({
      attacks: [{ kind: "replay", atS, forS, agoS: within(random, 1, 30), restamped: random() < 0.5 }],
    }),
    () => ({ attacks: [clockStep(random, atS)] }),
    () => ({ faults: [{ kind: "wrong-places", atS, forS }] }),
    () => multipath(random),
    () => jumpingOutage(random, atS),
    // As one was in the field.
    () => ({ receiver: { outages: [{ atS, forS: 40, jumpM: 211, settlesS: 10 }] } }),
    () => ({ receiver: { stuck: [{ atS, forS }] } }),
    () => ({ receiver: { weekRolloverAtS: atS } }),
    () => ({ receiver: { leapSecond: { atS, byS: pick(random, [-1, 1]) } } }),
  ];
  return pick(random, breaches)();
}

function optimistic(random: Random): Breach {
  const accuracy = { says: "optimistic", factor: within(random, 0.1, 0.9) } as const;
  return { receiver: { accuracy, noise: { tails: "normal" } } };
}

function meaconing(random: Random, span: Span): Attack {
  const at = { eastM: within(random, -900, 900), northM: within(random, -900, 900) };
  return { kind: "meaconing", ...span, at };
}

function clockStep(random: Random, atS: number): Attack {
  const byMs = within(random, -5000, 5000);
  return { kind: "clock-step", atS, byMs, of: pick(random, ["all", "cameras", "receiver"] as const) };
}

function multipath(random: Random): Breach {
  const forS = within(random, 1, 8);
  return { receiver: { multipathAtRandom: { everyS: 20, forS, offsetM: within(random, 5, 120) } } };
}

function jumpingOutage(random: Random, atS: number): Breach {
  const forS = within(random, 1, 40);
  const jumpM = within(random, 10, 250);
  const settlesS = within(random, 0, 10);
  return { receiver: { outages: [{ atS, forS, says: "nothing", jumpM, settlesS }] } };
}
