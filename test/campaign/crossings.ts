import { createLeastJudge } from "../../simulator/truth/least-judge.ts";
import { createOracle } from "../../simulator/truth/oracle.ts";
import type { SimulatedDrive } from "../../simulator/index.ts";
import type { Reason } from "../../src/gate/verdict.ts";
import type { Judgement } from "./run-drive.ts";

/** Metres driven between the first restricted frame and the first that truly had to be (or after, for leaving). */
export interface Distance {
  readonly guardM: number;
  /** The same for the least that any sound judge could have done. */
  readonly leastM: number;
}

export interface Crossings {
  readonly early: readonly Distance[];
  readonly late: readonly Distance[];
  /** Closings that were not measured: the gate was closed for another reason before, or an hour or another set came. */
  readonly unmeasured: number;
  /** Released frames that another vehicle with the same inputs would have had to drop: passes that were not proven. */
  readonly unproven: number;
  readonly proofsChecked: number;
}

/** Reasons that have to do with where the vehicle is. */
const BY_PLACE: ReadonlySet<Reason> = new Set<Reason>(["inside", "in-view", "leaving"]);
/** Frames from the edge on that are measured: longer ways are not, since the last of them say nothing. */
const LONGEST = 400;
/** Released frames next to each closing and opening for which the proof is checked. */
const CHECKED = 4;
/** … and of all others, one in so many. */
const SAMPLED = 200;

/** How early the guard closed and how late it opened, against the least that was possible, for every crossing. */
export function measureCrossings(
  drive: SimulatedDrive,
  all: readonly Judgement[],
  holdMs: number,
): Crossings {
  const questions = new Set<Judgement>();
  const proofs = new Set<Judgement>();
  const crossings: { readonly kind: "early" | "late"; readonly distance: () => Distance }[] = [];
  let unmeasured = 0;
  const prove = (frame: Judgement | undefined): void => {
    if (frame?.action === "pass") proofs.add(frame);
  };
  const drivenM = ({ exposedMs }: Judgement): number => drive.truthAt(exposedMs).drivenM;
  const oracle = createOracle();
  /** Whether the one frame would be restricted with the zones and at the time of the other: then no way was driven between. */
  const isRestricted = (place: Judgement, { zones, exposedMs, camera }: Judgement): boolean => {
    const truth = { ...drive.truthAt(place.exposedMs), timeMs: exposedMs, drivenM: Number.NaN };
    return oracle.leak(zones, truth, camera, "pass") !== null;
  };

  /** Frames away from the edge, as far as the gate was closed for the place. */
  function measure(kind: "early" | "late", edge: Judgement, away: readonly Judgement[]): void {
    const open = away.findIndex(({ action }) => action === "pass");
    const closed = open < 0 ? away : away.slice(0, open);
    for (const frame of away.slice(open, open + CHECKED)) if (open >= 0) prove(frame);
    const isEarly = kind === "early";
    if (open < 0 || closed.some(({ reason }) => !BY_PLACE.has(reason) || (isEarly && reason === "leaving"))) {
      unmeasured++;
      return;
    }
    const edgeM = drivenM(edge);
    for (const frame of closed) questions.add(frame);
    const lengthTo = (frame: Judgement | undefined): number =>
      frame === undefined ? 0 : Math.abs(drivenM(frame) - edgeM);
    crossings.push({
      kind,
      distance: () => {
        const free = closed.findIndex((frame) => !must(frame));
        const least = free < 0 ? closed.at(-1) : closed[free - 1];
        return { guardM: lengthTo(closed.at(-1)), leastM: lengthTo(least) };
      },
    });
  }

  for (const { id } of drive.cameras) {
    const frames = all.filter(({ camera }) => camera.id === id);
    for (const [i, frame] of frames.entries()) {
      if (i % SAMPLED === 0) prove(frame);
      const [before, after] = [frames[i - 1], frames[i + 1]];
      if (!frame.restricted) continue;
      if (before !== undefined && !before.restricted) {
        if (isRestricted(before, frame)) unmeasured++;
        else measure("early", frame, frames.slice(Math.max(0, i - LONGEST), i).toReversed());
      }
      if (after !== undefined && !after.restricted) {
        if (!isRestricted(frame, after)) unmeasured++;
        else measure("late", frame, frames.slice(i + 1, i + 1 + LONGEST));
      }
    }
  }
  const answers = ask(drive, [...questions, ...proofs], holdMs);
  const must = (frame: Judgement): boolean => answers.get(frame)?.() ?? true;
  const of = (wanted: "early" | "late") =>
    crossings.filter(({ kind }) => kind === wanted).map(({ distance }) => distance());
  const unproven = [...proofs].filter(must).length;
  return { early: of("early"), late: of("late"), unmeasured, unproven, proofsChecked: proofs.size };
}

/** Asks whether each frame must be restricted, in the order in which they arrived; answers come when they are wanted. */
function ask(
  drive: SimulatedDrive,
  questions: readonly Judgement[],
  holdMs: number,
): ReadonlyMap<Judgement, () => boolean> {
  const answers = new Map<Judgement, () => boolean>();
  const judge = createLeastJudge(drive);
  const kills = drive.events.filter(({ kind }) => kind === "kill");
  let lastMs = -Infinity;
  for (const frame of questions.toSorted((a, b) => a.arrivedMs - b.arrivedMs)) {
    const kill = kills.find(
      (event) => event.kind === "kill" && event.untilMs > lastMs && event.untilMs <= frame.arrivedMs,
    );
    if (kill?.kind === "kill") {
      judge.arrive(kill.untilMs);
      judge.forget();
    }
    // A frame that was held had all that came by then: the more is known, the less must be restricted.
    judge.arrive(frame.arrivedMs + holdMs);
    lastMs = frame.arrivedMs;
    answers.set(frame, judge.mustRestrict(frame.zones, frame.camera, frame.exposedMs, frame.stampErrorMs));
  }
  return answers;
}
