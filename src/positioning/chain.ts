import type { Fix } from "../sources/fix.ts";
import { UNKNOWN_HEADING, nextHeading } from "./heading.ts";
import { STUCK_AFTER_M, claimedM, isReachable, isSamePlace } from "./plausible.ts";
import type { PositioningPolicy } from "./policy.ts";
import type { Anchor } from "./reach.ts";
import { anchorAt } from "./reach.ts";
import type { Wheels } from "./wheels.ts";

/** A track that creeps away within each fix's accuracy is caught against a fix from about so long ago. */
const BASELINE_MS = 2000;

/** Fixes that agree, one after the other. Grows in place: a copy for each fix would cost more than all the rest. */
export interface Chain {
  /** The newest last; those before `from` are forgotten, and the one there is about `BASELINE_MS` old. */
  readonly recent: Anchor[];
  from: number;
  last: Anchor;
  length: number;
  /** How far the vehicle claims to have moved since the receiver's digits last changed. */
  stuckM: number;
}

/** A chain of one fix, which agrees with itself. */
export function chainOf(anchor: Anchor): Chain {
  return { recent: [anchor], from: 0, last: anchor, length: 1, stuckM: 0 };
}

/** A fix that agrees with none before it. */
export function loneAnchor(fix: Fix, policy: PositioningPolicy): Anchor {
  return anchorAt(fix, nextHeading(UNKNOWN_HEADING, 0, fix, policy), policy);
}

/** Adds a fix that agrees with the chain, and answers it with its heading. */
export function extend(chain: Chain, fix: Fix, policy: PositioningPolicy): Anchor {
  const sinceMs = fix.timeMs - chain.last.fix.timeMs;
  const anchor = anchorAt(fix, nextHeading(chain.last.heading, sinceMs, fix, policy), policy);
  const { recent } = chain;
  recent.push(anchor);
  while (
    recent.length - chain.from > 2 &&
    fix.timeMs - (recent[chain.from + 1]?.fix.timeMs ?? NaN) >= BASELINE_MS
  )
    chain.from++;
  if (chain.from >= FORGOTTEN_AT_ONCE) {
    recent.splice(0, chain.from);
    chain.from = 0;
  }
  chain.last = anchor;
  chain.length++;
  return anchor;
}

const FORGOTTEN_AT_ONCE = 64;

/** How far the vehicle would have moved without its digits changing, if it were at `fix` now. */
export function stuckAt({ last, stuckM }: Chain, fix: Fix, policy: PositioningPolicy): number {
  return isSamePlace(last.fix, fix) ? stuckM + claimedM(last.fix, fix, policy) : 0;
}

/** A place that never changes agrees with none that does. */
export function isStuck(stuckM: number): boolean {
  return stuckM > STUCK_AFTER_M;
}

/** Whether a fix can be reached from the newest one and from the one of a while ago. */
export function agrees(
  { recent, from, last }: Chain,
  fix: Fix,
  wheels: Wheels,
  policy: PositioningPolicy,
): boolean {
  const first = recent[from] ?? last;
  return follows(first, fix, wheels, policy) && (first === last || follows(last, fix, wheels, policy));
}

function follows(from: Anchor, to: Fix, wheels: Wheels, policy: PositioningPolicy): boolean {
  return isReachable(from, to, policy) && !wheels.contradict(from.fix, to);
}
