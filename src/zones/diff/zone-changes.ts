import { distanceFrom, planeAt } from "../../core/plane.ts";
import { findDatumShift } from "../datum-shift.ts";
import { areaM2, middleOf } from "../outline.ts";
import type { Zone } from "../zone.ts";
import { nearby, sameShapes, uncoveredM2, type Nearby } from "./area-change.ts";
import { ruleChanges, weakerRules } from "./rule-change.ts";

/** What became of one zone, coverage or region. */
export interface Change {
  readonly id: string;
  readonly kind: "added" | "removed" | "replaced" | "changed";
  /** All that changed, in words. */
  readonly what: readonly string[];
  /** What of it weakens the protection. */
  readonly weaker: readonly string[];
  /** m² that no zone restricts any more, and m² that none did before. */
  readonly openedM2: number;
  readonly closedM2: number;
}

export interface ZoneDiffOptions {
  /** Zones whose validity ended before restrict nothing. */
  readonly nowMs: number;
  /** So much opened area is rounding, m². */
  readonly toleranceM2: number;
}

/** How each zone changed; those that did not are left out. */
export function zoneChanges(
  before: readonly Zone[],
  after: readonly Zone[],
  options: ZoneDiffOptions,
): readonly Change[] {
  const [was, is] = [byId(before), byId(after)];
  const [nearBefore, nearAfter] = [nearby(before), nearby(after)];
  const gone = before.flatMap(
    (zone) => changeOf(zone, is.get(zone.id) ?? null, { nearBefore, nearAfter }, options) ?? [],
  );
  const added = after.filter(({ id }) => !was.has(id)).map((zone) => addition(zone, nearBefore));
  return [...gone, ...added];
}

const byId = (zones: readonly Zone[]) => new Map(zones.map((zone) => [zone.id, zone]));

interface Near {
  readonly nearBefore: Nearby<Zone>;
  readonly nearAfter: Nearby<Zone>;
}

const addition = (zone: Zone, nearBefore: Nearby<Zone>): Change => ({
  id: zone.id,
  kind: "added",
  what: [],
  weaker: [],
  openedM2: 0,
  closedM2: uncoveredM2(zone.shapes, nearBefore.of(zone.shapes)),
});

function changeOf(before: Zone, after: Zone | null, near: Near, options: ZoneDiffOptions): Change | null {
  const rules = after ? ruleChanges(before, after) : [];
  const [texts, weak] = [rules.map(({ text }) => text), after ? weakerRules(before, after) : []];
  if (after && sameShapes(before.shapes, after.shapes)) {
    if (rules.length === 0) return null;
    return {
      id: before.id,
      kind: "changed",
      what: texts,
      weaker: isOver(before, options) ? [] : weak,
      ...NO_AREA,
    };
  }
  const { lostM2, openedM2 } = lossOf(before, after, near.nearAfter);
  const lost = lostM2 > options.toleranceM2 ? [`${metres2(lostM2)} lose their protection`] : [];
  const closedM2 = after ? uncoveredM2(after.shapes, near.nearBefore.of(after.shapes)) : 0;
  const what = [...(after ? moveOf(before, after) : []), ...texts, ...lost];
  const weaker = isOver(before, options) ? [] : [...weak, ...lost];
  const kind = after ? "changed" : lost.length === 0 ? "replaced" : "removed";
  return { id: before.id, kind, what, weaker, openedM2, closedM2 };
}

const NO_AREA = { openedM2: 0, closedM2: 0 };

const isOver = ({ validUntilMs }: Zone, { nowMs }: ZoneDiffOptions) => validUntilMs <= nowMs;

/**
 * What of a zone's area neither its successor nor any other zone that protects as much has, and what of that no zone has at
 * all.
 */
function lossOf(before: Zone, after: Zone | null, nearAfter: Nearby<Zone>) {
  const near = nearAfter.of(before.shapes);
  const heirs = near.filter((zone) => zone.id !== before.id && weakerRules(before, zone).length === 0);
  const lostM2 = uncoveredM2(before.shapes, after ? [after, ...heirs] : heirs);
  return { lostM2, openedM2: lostM2 === 0 ? 0 : uncoveredM2(before.shapes, near) };
}

function moveOf(before: Zone, after: Zone): readonly string[] {
  const [wasM2, isM2] = [areaM2(before.shapes), areaM2(after.shapes)];
  const movedM = distanceFrom(planeAt(middleOf(before.shapes)), middleOf(after.shapes));
  const shift = findDatumShift(before.shapes, after.shapes);
  const size = Math.abs(isM2 / wasM2 - 1);
  return [
    ...(shift
      ? [`moved as ${shift.actual} coordinates read as ${shift.declared} do: is the datum right?`]
      : []),
    ...(movedM >= 1 ? [`moved by ${Math.round(movedM)} m`] : []),
    ...(size >= 0.001
      ? [`${isM2 > wasM2 ? "grown" : "shrunk"} from ${metres2(wasM2)} to ${metres2(isM2)}`]
      : []),
    ...(movedM < 1 && size < 0.001 ? ["drawn anew"] : []),
  ];
}

/** `12,345 m²`, or km² where there are many. */
export function metres2(m2: number): string {
  if (m2 >= 1e7) return `${Math.round(m2 / 1e6).toLocaleString("en-US")} km²`;
  return `${m2 < 10 ? m2.toFixed(1) : Math.round(m2).toLocaleString("en-US")} m²`;
}
