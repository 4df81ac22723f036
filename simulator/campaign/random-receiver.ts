import type { Random } from "../../src/core/random.ts";
import type { ScenarioInput } from "../scenario/scenario.ts";
import { often, pick, within } from "./draw.ts";

/** A receiver that tells the truth about how wrong it is, whatever else it does. */
export function randomReceiver(random: Random): NonNullable<ScenarioInput["receiver"]> {
  const sigmaM = pick(random, [0.02, 0.8, 1.5, 1.5, 4, 12]);
  const isAbsent = often(random, 0.1) && sigmaM <= 4;
  return {
    rateHz: pick(random, [1, 2, 5, 5, 10, 20]),
    noise: { sigmaM, correlationS: within(random, 5, 100), whiteM: sigmaM * 0.2 * random() },
    drift: often(random, 0.2) ? { mps: 0.2 * random(), maxM: 5 * random() } : {},
    speedErrorMps: within(random, 0.02, 0.4),
    saysSpeed: !often(random, 0.07),
    saysCourse: !often(random, 0.07),
    accuracy: { says: isAbsent ? "absent" : "honest" },
    latencyMs: within(random, 10, 250),
    latencyJitterMs: 60 * random(),
    late: often(random, 0.3)
      ? { share: 0.1 * random(), byMs: within(random, 50, 900), inOrder: often(random, 0.5) }
      : {},
    duplicates: often(random, 0.3) ? 0.1 * random() : 0,
    multipath: often(random, 0.15)
      ? [
          {
            atS: within(random, 10, 60),
            forS: within(random, 1, 10),
            offsetM: within(random, 1, 25),
            honest: true,
          },
        ]
      : [],
    outages: often(random, 0.25)
      ? [
          {
            atS: within(random, 10, 60),
            forS: within(random, 0.5, 40),
            says: pick(random, ["nothing", "void", "estimated"] as const),
          },
        ]
      : [],
    tunnels: {
      says: pick(random, ["nothing", "void", "estimated"] as const),
      exitErrorM: often(random, 0.5) ? 20 * random() : 0,
    },
  };
}
