import { formatIso } from "../../core/time.ts";
import type { Zone } from "../zone.ts";
import { narrowerSchedule } from "./schedule-change.ts";

/** One difference between two zones apart from their areas. */
export interface RuleChange {
  readonly text: string;
  /** True where the later zone protects less. */
  readonly weaker: boolean;
}

export function ruleChanges(before: Zone, after: Zone): readonly RuleChange[] {
  return [
    differs("category", before.category, after.category, false),
    differs("action", before.action, after.action, before.action === "drop"),
    metres("standoff", before.standoffM, after.standoffM),
    metres("view", before.viewM, after.viewM),
    eitherWay(fewerCameras, before, after, "for more cameras"),
    eitherWay(narrower, before, after, "restricts at more times"),
    eitherWay(shorter, before, after, "valid for longer"),
  ].filter((change) => change !== null);
}

/** In what a zone protects less than another one; empty where it protects at least as much. */
export const weakerRules = (before: Zone, after: Zone): readonly string[] =>
  ruleChanges(before, after).flatMap(({ text, weaker }) => (weaker ? [text] : []));

const differs = (name: string, before: string, after: string, weaker: boolean): RuleChange | null =>
  before === after ? null : { text: `${name} ${before} → ${after}`, weaker };

/** Rounding of a conversion is no change. */
const SAME_M = 0.001;

const metres = (name: string, beforeM: number, afterM: number): RuleChange | null =>
  Math.abs(afterM - beforeM) <= SAME_M
    ? null
    : { text: `${name} ${beforeM} m → ${afterM} m`, weaker: afterM < beforeM };

type Loss = (before: Zone, after: Zone) => string | null;

/** What is lost, in words; or that the later zone has more, where something would be lost on the way back. */
function eitherWay(loss: Loss, before: Zone, after: Zone, more: string): RuleChange | null {
  const text = loss(before, after);
  if (text !== null) return { text, weaker: true };
  return loss(after, before) === null ? null : { text: more, weaker: false };
}

/** null: all cameras. */
const fewerCameras: Loss = ({ cameras: before }, { cameras: after }) => {
  if (after === null) return null;
  if (before === null) return `only for cameras ${after.join(", ")} instead of all`;
  const lost = before.filter((id) => !after.includes(id));
  return lost.length === 0 ? null : `no longer for cameras ${lost.join(", ")}`;
};

const narrower: Loss = (before, after) => narrowerSchedule(before.schedule, after.schedule);

const shorter: Loss = (before, after) => {
  if (after.validFromMs > before.validFromMs) return `valid only from ${formatIso(after.validFromMs)}`;
  if (after.validUntilMs < before.validUntilMs) return `valid only until ${formatIso(after.validUntilMs)}`;
  return null;
};
