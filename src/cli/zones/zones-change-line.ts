import { metres2 } from "../../zones/diff/zone-changes.ts";
import type { Change } from "../../zones/diff/zone-changes.ts";

/** One line about what became of a zone. */
export function lineOf({ id, kind, what, weaker, closedM2 }: Change, allowed: ReadonlySet<string>): string {
  const mark = weaker.length === 0 ? "" : allowed.has(id) ? "  (weaker, allowed)" : "  WEAKER";
  const closed = closedM2 >= 1 ? [`${metres2(closedM2)} closed anew`] : [];
  return `${kind.padEnd(8)}  ${id}  ${[...what, ...closed].join("; ")}${mark}`.trimEnd();
}
