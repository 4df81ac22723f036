import type { Expectation } from "../scenario/expectation.ts";
import type { Judge } from "./fact.ts";
import { NOTHING_REVOKED } from "./fact.ts";
import { timeOf } from "./which.ts";

type Stored = Extract<Expectation, { that: "stored" }>;

/** Every released frame is in a sealed segment, or counted as lost. */
export function storedJudge(expected: Stored, startMs: number): Judge {
  const { lostAtLeast = 0, lostAtMost = Infinity, unaccountedAtMost } = expected;
  const afterMs = expected.after === undefined ? -Infinity : timeOf(expected.after, startMs);
  const lost = new Map<string, number>();
  let [released, stored, lastMs] = [0, 0, -Infinity];
  return {
    frame({ action }) {
      if (action !== "drop") released++;
    },
    revoked: NOTHING_REVOKED,
    stored(fact) {
      if (fact.kind === "stored") {
        stored += fact.frames;
        lastMs = Math.max(lastMs, fact.lastMs);
      } else lost.set(fact.why, (lost.get(fact.why) ?? 0) + (fact.frames ?? 0));
    },
    finding() {
      const lostFrames = [...lost.values()].reduce((sum, frames) => sum + frames, 0);
      const unaccounted = released - stored - lostFrames;
      const isAgain = stored > 0 && lastMs >= afterMs;
      const isEnough = lostFrames >= lostAtLeast && isAgain;
      // Frames that are stored without having been released are no better.
      const isRight = lostFrames <= lostAtMost && unaccounted >= 0 && unaccounted <= unaccountedAtMost;
      const why = [...lost].map(([reason, frames]) => `${reason} ${frames}`).join(", ");
      const until = stored === 0 ? "" : `, the last of ${((lastMs - startMs) / 1000).toFixed(2)} s`;
      const got = `${released} released: ${stored} stored${until}; ${lostFrames} lost (${why}); ${unaccounted} unaccounted for`;
      return { met: isEnough && isRight, isAbsence: !isEnough, got };
    },
  };
}
