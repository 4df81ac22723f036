import type { Expectation } from "../scenario/expectation.ts";
import type { FrameFact, Judge } from "./fact.ts";
import { describe } from "./fact.ts";

/** No released frame showed what it may not, but for those that were withdrawn at once. */
export function leakJudge(expected: Extract<Expectation, { that: "no-leak" }>, startMs: number): Judge {
  let leaks: FrameFact[] = [];
  let [released, revokedCount, brokenCount] = [0, 0, 0];
  return {
    frame(fact) {
      if (fact.action === "drop") return;
      released++;
      if (fact.truth?.leak == null) return;
      if (expected.unlessBroken && fact.truth.broken) brokenCount++;
      else leaks.push(fact);
    },
    revoked(afterMs, untilMs) {
      const before = leaks.length;
      leaks = leaks.filter(({ timeMs }) => !(timeMs > afterMs && timeMs <= untilMs));
      revokedCount += before - leaks.length;
    },
    finding() {
      const [first] = leaks;
      const how = first?.truth?.leak;
      const example =
        how == null
          ? ""
          : `; the first: ${how.how} ${how.zone}, ${how.distanceM.toFixed(1)} m away, ${describe(first, startMs)}`;
      const asides = [
        ...(revokedCount > 0 ? [`${revokedCount} withdrawn`] : []),
        ...(brokenCount > 0 ? [`${brokenCount} while an assumption was broken`] : []),
      ].join(", ");
      const got = `${leaks.length} leaks in ${released} released frames${asides === "" ? "" : ` (${asides})`}${example}`;
      return { met: leaks.length === 0, isAbsence: false, got };
    },
  };
}
