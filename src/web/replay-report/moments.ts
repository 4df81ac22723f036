import type { Action } from "../../gate/verdict.ts";
import type { Span } from "./coalesce.ts";
import { coalesce } from "./coalesce.ts";
import type { Run } from "./runs.ts";
import { worseOf } from "./runs.ts";

/** A stretch in which the same happened to the frames of every camera. */
export interface Moment extends Span {
  /** The worst that happened to any camera. */
  readonly action: Action;
  /** What happened to each, one run for a camera. */
  readonly runs: readonly Run[];
  readonly others: number;
}

/** What happened at each moment, all cameras together. */
export function momentsOf(runsOfCameras: readonly (readonly Run[])[], limit: number): readonly Moment[] {
  const runs = runsOfCameras.flat().toSorted((a, b) => a.atMs - b.atMs);
  const edges = [...new Set(runs.flatMap(({ atMs, untilMs }) => [atMs, untilMs]))].toSorted((a, b) => a - b);
  const moments: Moment[] = [];
  let current: Run[] = [];
  let next = 0;
  for (const [i, atMs] of edges.entries()) {
    current = current.filter((run) => run.untilMs > atMs);
    for (let run = runs[next]; run !== undefined && run.atMs <= atMs; run = runs[++next]) current.push(run);
    const [first, ...rest] = current;
    if (first === undefined) continue;
    const { action } = rest.reduce(worseOf, first);
    // A lone frame does not last until the next one comes.
    const lasts = current.some((run) => run.untilMs > atMs);
    const untilMs = lasts ? (edges[i + 1] ?? atMs) : atMs;
    moments.push({ atMs, untilMs, action, runs: [...current], others: 0 });
  }
  return coalesce(moments, limit, joinMoments);
}

function joinMoments(moments: readonly [Moment, ...Moment[]]): Moment {
  const [first] = moments;
  const untilMs = moments.reduce((latest, moment) => Math.max(latest, moment.untilMs), first.untilMs);
  const others = moments.reduce((sum, moment) => sum + moment.others, moments.length - 1);
  return { ...moments.reduce(worseOf, first), atMs: first.atMs, untilMs, others };
}
