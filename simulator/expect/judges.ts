import type { Expectation } from "../scenario/expectation.ts";
import type { FrameFact, Judge } from "./fact.ts";
import { NOTHING_REVOKED } from "./fact.ts";
import { isMeant, isSo, nearestTo, timeOf } from "./which.ts";

type Of<That extends Expectation["that"]> = Extract<Expectation, { that: That }>;

/** Counts the frames that are meant, and those of them that are as expected. */
function counter(expected: Of<"outcome"> | Of<"count">, startMs: number) {
  const [isMine, isRight] = [isMeant(expected, startMs), isSo(expected)];
  const nearest = expected.at === undefined ? null : nearestTo(timeOf(expected.at, startMs));
  let [meant, right] = [0, 0];
  let wrong: FrameFact | null = null;
  const count = (fact: FrameFact): void => {
    meant++;
    if (isRight(fact)) right++;
    else wrong ??= fact;
  };
  return {
    frame(fact: FrameFact): void {
      if (!isMine(fact)) return;
      if (nearest === null) count(fact);
      else nearest.add(fact);
    },
    counted() {
      nearest?.all().forEach(count);
      return { meant, right, wrong };
    },
  };
}

export function outcomeJudge(expected: Of<"outcome">, startMs: number): Judge {
  const counts = counter(expected, startMs);
  return {
    frame: (fact) => counts.frame(fact),
    revoked: NOTHING_REVOKED,
    finding() {
      const { meant, right, wrong } = counts.counted();
      const first =
        wrong === null || expected.of !== "all" ? "" : `; the first other: ${describe(wrong, startMs)}`;
      const got = `${right} of ${meant} frames${first}`;
      switch (expected.of) {
        case "all":
          return { met: meant > 0 && right === meant, isAbsence: meant === 0, got };
        case "some":
          return { met: right > 0, isAbsence: true, got };
        case "none":
          return { met: right === 0, isAbsence: false, got };
        default:
          return expected.of satisfies never;
      }
    },
  };
}

export function countJudge(expected: Of<"count">, startMs: number): Judge {
  const counts = counter(expected, startMs);
  const { atLeast = 0, atMost = Infinity } = expected;
  return {
    frame: (fact) => counts.frame(fact),
    revoked: NOTHING_REVOKED,
    finding() {
      const { right } = counts.counted();
      return { met: right >= atLeast && right <= atMost, isAbsence: right < atLeast, got: `${right} frames` };
    },
  };
}

export function reasonsJudge(expected: Of<"reasons">, startMs: number): Judge {
  const isMine = isMeant(expected, startMs);
  const nearest = expected.at === undefined ? null : nearestTo(timeOf(expected.at, startMs));
  const seen = new Map<string, number>();
  const count = ({ reason }: FrameFact): void => void seen.set(reason, (seen.get(reason) ?? 0) + 1);
  return {
    frame(fact) {
      if (!isMine(fact)) return;
      if (nearest === null) count(fact);
      else nearest.add(fact);
    },
    revoked: NOTHING_REVOKED,
    finding() {
      nearest?.all().forEach(count);
      const others =
        expected.only === undefined ? [] : [...seen.keys()].filter((one) => !expected.only?.includes(one));
      const missing = (expected.among ?? []).filter((reason) => !seen.has(reason));
      const got = [...seen].map(([reason, times]) => `${reason} ${times}`).join(", ");
      const met = others.length === 0 && missing.length === 0 && seen.size > 0;
      return { met, isAbsence: others.length === 0, got: got === "" ? "no frame" : got };
    },
  };
}

/** Frames that closed for the zone before it truly restricted: not those that were still leaving it. */
export function earlyJudge(expected: Of<"early">, startMs: number): Judge {
  let worstM = 0;
  let worst: FrameFact | null = null;
  let closed = 0;
  return {
    frame(fact) {
      if (expected.camera !== undefined && fact.camera !== expected.camera) return;
      if (!fact.zones.includes(expected.zone) || fact.reason === "leaving") return;
      closed++;
      const gapM = fact.truth?.gapM(expected.zone) ?? null;
      if (gapM === null || gapM <= worstM) return;
      [worstM, worst] = [gapM, fact];
    },
    revoked: NOTHING_REVOKED,
    finding() {
      const where = worst === null ? "" : ` (${describe(worst, startMs)})`;
      const got =
        closed === 0 ? "it never closed for this zone" : `${worstM.toFixed(1)} m early at most${where}`;
      return { met: closed > 0 && worstM <= expected.atMostM, isAbsence: closed === 0, got };
    },
  };
}

/** After a time a frame of each camera passes again, soon. */
export function recoveryJudge(expected: Of<"recovery">, startMs: number): Judge {
  const afterMs = timeOf(expected.after, startMs);
  const firstMs = new Map<string, number>();
  return {
    frame({ camera, atMs, action }) {
      if ((expected.camera ?? camera) !== camera || atMs < afterMs) return;
      const known = firstMs.get(camera) ?? Infinity;
      firstMs.set(camera, action === "pass" ? Math.min(known, atMs) : known);
    },
    revoked: NOTHING_REVOKED,
    finding() {
      const slowestMs = Math.max(...firstMs.values());
      if (firstMs.size === 0) return { met: false, isAbsence: true, got: "no frame came after that" };
      if (slowestMs === Infinity)
        return { met: false, isAbsence: true, got: "it never passed a frame again" };
      const tookS = (slowestMs - afterMs) / 1000;
      return { met: tookS <= expected.withinS, isAbsence: false, got: `after ${tookS.toFixed(2)} s` };
    },
  };
}

export function revocationsJudge({ atLeast = 0, atMost = Infinity }: Of<"revocations">): Judge {
  let times = 0;
  return {
    frame: () => {},
    revoked: () => void times++,
    finding: () => ({
      met: times >= atLeast && times <= atMost,
      isAbsence: times < atLeast,
      got: `${times} revocations`,
    }),
  };
}

/** No released frame showed what it may not, but for those that were withdrawn at once. */
export function leakJudge(expected: Of<"no-leak">, startMs: number): Judge {
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

function describe(fact: FrameFact | undefined, startMs: number): string {
  if (fact === undefined) return "";
  const { camera, action, reason } = fact;
  return `${camera} at ${((fact.atMs - startMs) / 1000).toFixed(2)} s: ${action} ${reason}`;
}
