import type { Zone } from "../zone.ts";

/** What the gate asks of every zone near it. It stands beside the zone's shapes: the zones themselves lie scattered. */
export interface AreaRule {
  readonly standoffM: number;
  readonly viewM: number;
  /** Of a zone of one shape that concerns every camera at any time. */
  readonly isPlain: boolean;
  readonly isDrop: boolean;
}

/** Of areas that restrict nothing: coverage and regions. */
export const NO_RULE: AreaRule = { standoffM: 0, viewM: 0, isPlain: false, isDrop: false };

export function ruleOf(zone: Zone): AreaRule {
  const { standoffM, viewM, action } = zone;
  return { standoffM, viewM, isPlain: isPlain(zone), isDrop: action === "drop" };
}

/** How far beyond its shapes a zone restricts at all, in metres. */
export function farthestM({ standoffM, viewM }: Pick<AreaRule, "standoffM" | "viewM">): number {
  return Math.max(standoffM, viewM);
}

function isPlain({ shapes, cameras, schedule, validFromMs, validUntilMs }: Zone): boolean {
  const always = schedule === null && validFromMs === -Infinity && validUntilMs === Infinity;
  return always && cameras === null && shapes.length === 1;
}
