import type { NamedRandom } from "../core/random.ts";
import type { Hit } from "./judge.ts";
import type { GatePolicy } from "./policy.ts";

/** One camera's stay within the zones that restrict it. */
export interface Crossings {
  /** The extra metres that a zone, by its id, needs to be left; 0 where it is not being crossed. */
  marginOf(id: string): number;
  /** Takes the zones that restrict the camera now, without any margin: each begins a crossing, or goes on with it. */
  enter(hits: readonly Hit[]): void;
  /** A fix, and the zones that restrict at it with their margins: the others are one fix nearer to being left. */
  fixed(hits: readonly Hit[]): void;
  /** The zones that are not left yet although they are not among `hits`. */
  leaving(hits: readonly Hit[]): Hit[];
  /** True when nothing is being crossed. */
  isClear(): boolean;
}

interface Crossing {
  readonly hit: Hit;
  readonly marginM: number;
  readonly clearFixes: number;
}

/**
 * Enter at once, leave late: a zone is left when `exitFixes` consecutive fixes are clear of it and of a margin that
 * is drawn at random for every crossing, so that where recording starts again does not draw the fence.
 */
export function createCrossings({ exitFixes, marginM }: GatePolicy, random: NamedRandom): Crossings {
  const crossings = new Map<string, Crossing>();

  function enter(hits: readonly Hit[]): void {
    for (const hit of hits) {
      const marginOfThis = crossings.get(hit.id)?.marginM ?? random(hit.id) * marginM;
      crossings.set(hit.id, { hit, marginM: marginOfThis, clearFixes: 0 });
    }
  }

  return {
    marginOf: (id) => crossings.get(id)?.marginM ?? 0,
    enter,
    fixed(hits) {
      enter(hits);
      const restricting = idsOf(hits);
      for (const [id, crossing] of crossings) {
        if (restricting.has(id)) continue;
        const clearFixes = crossing.clearFixes + 1;
        if (clearFixes >= exitFixes) crossings.delete(id);
        else crossings.set(id, { ...crossing, clearFixes });
      }
    },
    leaving(hits) {
      const restricting = idsOf(hits);
      const left = [...crossings.values()].filter(({ hit }) => !restricting.has(hit.id));
      return left.map(({ hit }) => ({ ...hit, reason: "leaving" }));
    },
    isClear: () => crossings.size === 0,
  };
}

function idsOf(hits: readonly Hit[]): ReadonlySet<string> {
  return new Set(hits.map(({ id }) => id));
}
