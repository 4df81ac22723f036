import type { Position } from "../../core/position.ts";
import { formatIso } from "../../core/time.ts";
import type { Action } from "../../gate/verdict.ts";
import type { ChangeCounts, ChangedSpan, DriveImpact } from "./drive-impact.ts";
import { createPlaceLog } from "./drive-places.ts";
import type { Judgement } from "./judge-drive.ts";

const MAX_WARNINGS = 20;

export const MAX_SPANS = 200;

/** Counts the frames of a drive as they are judged. */
export interface ImpactTally {
  /** `place`: where the frame was taken; null where nobody knew. */
  add(camera: string, timeMs: number, was: Judgement, becomes: Judgement, place: Position | null): void;
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
  return new OneDriveTally();
}

class OneDriveTally implements ImpactTally {
  readonly #changes = zero();
  readonly #zones = new Map<string, Counts>();
  readonly #spans: OpenSpan[] = [];
  readonly #open = new Map<string, OpenSpan>();
  readonly #warnings = new Set<string>();
  readonly #places = createPlaceLog();
  #frames = 0;
  #spansLeftOut = 0;

  add(camera: string, timeMs: number, was: Judgement, becomes: Judgement, place: Position | null): void {
    this.#frames++;
    if (place !== null) this.#places.drove(timeMs, place);
    if (was.action === becomes.action) {
      if (this.#open.size > 0) this.#open.delete(camera);
      return;
    }
    const ids = becomes.action === "pass" || becomes.zones.length === 0 ? was.zones : becomes.zones;
    this.#count(was.action, becomes.action, ids);
    if (place !== null) this.#places.changed(place, isWeaker(was.action, becomes.action));
    const span = this.#open.get(camera);
    if (span?.was === was.action && span.becomes === becomes.action && sameIds(span.zones, ids)) {
      span.frames++;
      span.toMs = timeMs;
      return;
    }
    const times = { fromMs: timeMs, toMs: timeMs, frames: 1 };
    this.#begin({ camera, ...times, was: was.action, zones: ids, becomes: becomes.action });
  }

  warn(line: string): void {
    if (this.#warnings.size < MAX_WARNINGS) this.#warnings.add(line);
  }

  impact(): DriveImpact {
    return {
      frames: this.#frames,
      changes: this.#changes,
      zones: Object.fromEntries(this.#zones),
      spans: this.#spans.map(({ fromMs, toMs, ...span }) => ({
        ...span,
        from: formatIso(fromMs),
        to: formatIso(toMs),
      })),
      spansLeftOut: this.#spansLeftOut,
      places: this.#places.places(),
      warnings: [...this.#warnings],
    };
  }

  #count(was: Action, becomes: Action, ids: readonly string[]): void {
    addOne(this.#changes, was, becomes);
    for (const id of ids) {
      const counts = this.#zones.get(id) ?? zero();
      this.#zones.set(id, counts);
      addOne(counts, was, becomes);
    }
  }

  #begin(span: OpenSpan): void {
    this.#open.set(span.camera, span);
    if (this.#spans.length < MAX_SPANS) this.#spans.push(span);
    else this.#spansLeftOut++;
  }
}

type Counts = { -readonly [Name in keyof ChangeCounts]: number };

function addOne(counts: Counts, was: Action, becomes: Action): void {
  counts[CHANGE[becomes]]++;
  if (isWeaker(was, becomes)) counts.weaker++;
}

/** Of two actions that differ: released, or blurred where it was dropped. */
function isWeaker(was: Action, becomes: Action): boolean {
  return becomes === "pass" || was === "drop";
}

export function zero(): Counts {
  return { dropped: 0, blurred: 0, released: 0, weaker: 0 };
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
}
