import { formatIso } from "../../core/time.ts";
import type { Action } from "../../gate/verdict.ts";
import type { ChangeCounts, ChangedSpan, DriveImpact } from "./drive-impact.ts";
import type { Judgement } from "./judge-drive.ts";

const MAX_WARNINGS = 20;

export const MAX_SPANS = 200;

/** Counts the frames of a drive as they are judged. */
export interface ImpactTally {
  add(camera: string, timeMs: number, was: Judgement, becomes: Judgement): void;
  warn(line: string): void;
  impact(): DriveImpact;
}

interface OpenSpan extends Omit<ChangedSpan, "from" | "to"> {
  frames: number;
  readonly fromMs: number;
  toMs: number;
}

const CHANGE = { drop: "dropped", blur: "blurred", pass: "released" } as const;

export function createImpactTally(): ImpactTally {
  const changes = zero();
  const zones = new Map<string, Counts>();
  const spans: OpenSpan[] = [];
  const open = new Map<string, OpenSpan>();
  const warnings = new Set<string>();
  let frames = 0;
  let spansLeftOut = 0;

  function count(was: Action, becomes: Action, ids: readonly string[]): void {
    addOne(changes, was, becomes);
    for (const id of ids) {
      const counts = zones.get(id) ?? zero();
      zones.set(id, counts);
      addOne(counts, was, becomes);
    }
  }

  function extend(
    camera: string,
    timeMs: number,
    was: Judgement,
    becomes: Judgement,
    ids: readonly string[],
  ) {
    const span = open.get(camera);
    if (span?.was === was.action && span.becomes === becomes.action && sameIds(span.zones, ids)) {
      span.frames++;
      span.toMs = timeMs;
      return;
    }
    const begun = { camera, fromMs: timeMs, toMs: timeMs, frames: 1, was: was.action, zones: ids };
    const next: OpenSpan = { ...begun, becomes: becomes.action };
    open.set(camera, next);
    if (spans.length < MAX_SPANS) spans.push(next);
    else spansLeftOut++;
  }

  return {
    add(camera, timeMs, was, becomes) {
      frames++;
      if (was.action === becomes.action) {
        if (open.size > 0) open.delete(camera);
        return;
      }
      const ids = becomes.action === "pass" || becomes.zones.length === 0 ? was.zones : becomes.zones;
      count(was.action, becomes.action, ids);
      extend(camera, timeMs, was, becomes, ids);
    },
    warn(line) {
      if (warnings.size < MAX_WARNINGS) warnings.add(line);
    },
    impact: () => ({
      frames,
      changes,
      zones: Object.fromEntries(zones),
      spans: spans.map(({ fromMs, toMs, ...span }) => ({
        ...span,
        from: formatIso(fromMs),
        to: formatIso(toMs),
      })),
      spansLeftOut,
      warnings: [...warnings],
    }),
  };
}

type Counts = { -readonly [Name in keyof ChangeCounts]: number };

function addOne(counts: Counts, was: Action, becomes: Action): void {
  counts[CHANGE[becomes]]++;
  if (becomes === "pass" || was === "drop") counts.weaker++;
}

export function zero(): Counts {
  return { dropped: 0, blurred: 0, released: 0, weaker: 0 };
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
}
