import { distanceFrom, planeAt } from "../../src/core/plane.ts";
import { parseIsoMs } from "../../src/core/time.ts";
import type { Expectation } from "../scenario/expectation.ts";
import type { FrameFact } from "./fact.ts";

type Outcome = Extract<Expectation, { that: "outcome" }>;
export type Which = Pick<Outcome, "camera" | "at" | "between" | "near">;
export type What = Pick<Outcome, "action" | "reason" | "zone">;
type Test = (fact: FrameFact) => boolean;

/** A time of an expectation, which may count from the start of the drive. */
export function timeOf(when: number | string, startMs: number): number {
  return typeof when === "number" ? startMs + 1000 * when : parseIsoMs(when);
}

/** Whether a frame is meant, but for `at`, which needs all of them. */
export function isMeant({ camera, between, near }: Which, startMs: number): Test {
  const [fromMs, untilMs] =
    between === undefined ? [-Infinity, Infinity] : between.map((when) => timeOf(when, startMs));
  const plane = near === undefined ? null : planeAt(near);
  return (fact) => {
    if (camera !== undefined && fact.camera !== camera) return false;
    if (!(fact.atMs >= (fromMs ?? 0) && fact.atMs <= (untilMs ?? 0))) return false;
    if (plane === null || near === undefined) return true;
    const place = fact.place();
    return place !== null && distanceFrom(plane, place) <= near.radiusM;
  };
}

export function isSo({ action, reason, zone }: What): Test {
  const [actions, reasons] = [listOf(action), listOf(reason)];
  return (fact) =>
    (actions === null || actions.includes(fact.action)) &&
    (reasons === null || reasons.includes(fact.reason)) &&
    (zone === undefined || fact.zones.includes(zone));
}

function listOf(one: string | readonly string[] | undefined): readonly string[] | null {
  if (one === undefined) return null;
  return typeof one === "string" ? [one] : one;
}

/** Of each camera the frame nearest to a time, once all have been seen. */
export function nearestTo(atMs: number) {
  const nearest = new Map<string, FrameFact>();
  return {
    add(fact: FrameFact): void {
      const best = nearest.get(fact.camera);
      if (best === undefined || Math.abs(fact.atMs - atMs) < Math.abs(best.atMs - atMs))
        nearest.set(fact.camera, fact);
    },
    all: (): readonly FrameFact[] => [...nearest.values()],
  };
}
