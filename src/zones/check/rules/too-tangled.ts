import type { RingsRule } from "../rule.ts";

/** The box of a real outline's edge meets a few others. One that exceeds this is refused, not looked at for minutes. */
const MAX_PAIRS = 10_000_000;
const MAX_PAIRS_PER_EDGE = 8;

/** Of the number of pairs of edges that lie near each other. */
export const tooTangled: RingsRule<[pairs: number, edges: number]> = {
  id: "too-tangled",
  severity: "error",
  asks: "The edges of an outline are short beside its size, so that it can be checked in a moment.",
  remedy: "simplify it, or split it",
  got: "edges too long and too many to be checked",
  expected: "an outline whose edges are short beside its size",
  isBroken: (pairs, edges) => pairs >= MAX_PAIRS + MAX_PAIRS_PER_EDGE * edges,
};
