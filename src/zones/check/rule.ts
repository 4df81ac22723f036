import type { Step } from "./mistake.ts";

/** `warning`: the file loads, but somebody should look. */
export type Severity = "error" | "warning";

/**
 * A rule about zone files, in a file of its own in `rules/`, named after it. The id is stable: programs rely on it. Each has a
 * file that keeps it and one that breaks it in `test/zones/fixtures`.
 */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** What it asks for, a sentence. */
  readonly asks: string;
  /** What to do where it is broken. */
  readonly remedy: string;
}

/** How something breaks a rule. */
export interface Problem {
  readonly got: string;
  readonly expected: string;
  /** Where more can be said than the rule's remedy does. */
  readonly advice?: string;
  /** The way from what was checked down to what is wrong in it. */
  readonly at?: readonly Step[];
}

/** A rule that looks at something and says what is wrong with it; null: nothing. */
export interface Check<Subject extends readonly unknown[]> extends Rule {
  readonly check: (...subject: Subject) => Problem | null;
}

/** A rule about the rings of a polygon, which a pass over all of them asks. It is told at a place near one vertex. */
export interface RingsRule<Subject extends readonly unknown[] = readonly []> extends Rule {
  readonly got: string;
  readonly expected: string;
  readonly isBroken: (...subject: Subject) => boolean;
}
