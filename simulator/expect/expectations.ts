import type { Expectation } from "../scenario/expectation.ts";
import type { Finding, FrameFact, Judge, StoredFact } from "./fact.ts";
import {
  countJudge,
  earlyJudge,
  outcomeJudge,
  reasonsJudge,
  recoveryJudge,
  revocationsJudge,
} from "./judges.ts";
import { leakJudge } from "./leak-judge.ts";
import { storedJudge } from "./stored-judge.ts";

export interface Result extends Finding {
  readonly expectation: Expectation;
  /** What was expected, for people. */
  readonly name: string;
}

/** Follows a drive for all that is expected of it. */
export interface Expectations {
  frame(fact: FrameFact): void;
  revoked(afterMs: number, untilMs: number): void;
  stored(fact: StoredFact): void;
  /** To be called once, at the end. */
  results(): readonly Result[];
}

export function createExpectations(expected: readonly Expectation[], startMs: number): Expectations {
  const judges = expected.map((each) => judgeOf(each, startMs));
  return {
    frame(fact) {
      for (const judge of judges) judge.frame(fact);
    },
    revoked(afterMs, untilMs) {
      for (const judge of judges) judge.revoked(afterMs, untilMs);
    },
    stored(fact) {
      for (const judge of judges) judge.stored?.(fact);
    },
    results: () =>
      expected.map((expectation, i) => ({
        expectation,
        name: nameOf(expectation),
        ...(judges[i]?.finding() ?? { met: false, isAbsence: true, got: "nothing" }),
      })),
  };
}

/** Whether a recorded drive, whose truth is unknown and of which nothing is stored, cannot be judged by it. */
export function needsTruth({ that }: Expectation): boolean {
  return that === "no-leak" || that === "early" || that === "stored";
}

function judgeOf(expected: Expectation, startMs: number): Judge {
  switch (expected.that) {
    case "no-leak":
      return leakJudge(expected, startMs);
    case "outcome":
      return outcomeJudge(expected, startMs);
    case "count":
      return countJudge(expected, startMs);
    case "reasons":
      return reasonsJudge(expected, startMs);
    case "early":
      return earlyJudge(expected, startMs);
    case "recovery":
      return recoveryJudge(expected, startMs);
    case "revocations":
      return revocationsJudge(expected);
    case "stored":
      return storedJudge(expected, startMs);
    default:
      return expected satisfies never;
  }
}

/** As in the file, on one line: `outcome of all, between 10, 20, action drop`. */
function nameOf({ that, ...members }: Expectation): string {
  const parts = Object.entries(members).flatMap(([key, value]) =>
    value === undefined || value === false ? [] : [value === true ? key : `${key} ${textOf(value)}`],
  );
  return [that, parts.join(", ")].filter((part) => part !== "").join(" ");
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join("|");
  return typeof value === "string" ? value : JSON.stringify(value);
}
