import type { Zone } from "./zone.ts";

/** What the gate asks of every zone near it, in a line of the cache each: the zones themselves lie scattered. */
export const RULE = { standoffM: 0, viewM: 1, farthestM: 2, plain: 3, size: 4 } as const;

/** `RULE` numbers a zone. `plain` is 1 for zones of one shape that concern every camera at any time. */
export function zoneRules(zones: readonly Zone[]): Float64Array {
  const rules = new Float64Array(RULE.size * zones.length);
  for (const [i, zone] of zones.entries()) {
    rules.set([zone.standoffM, zone.viewM, farthestM(zone), isPlain(zone) ? 1 : 0], RULE.size * i);
  }
  return rules;
}

/** How far beyond its shapes a zone restricts at all, in metres. */
export function farthestM({ standoffM, viewM }: Zone): number {
  return Math.max(standoffM, viewM);
}

function isPlain({ shapes, cameras, schedule, validFromMs, validUntilMs }: Zone): boolean {
  const always = schedule === null && validFromMs === -Infinity && validUntilMs === Infinity;
  return always && cameras === null && shapes.length === 1;
}
