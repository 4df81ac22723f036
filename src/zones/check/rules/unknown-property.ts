import { nearestName } from "../nearest-name.ts";
import type { Check } from "../rule.ts";
import { show } from "../show.ts";

/** Of a member, and the names that may stand there. */
export const unknownProperty: Check<[name: string, value: unknown, known: readonly string[]]> = {
  id: "unknown-property",
  severity: "error",
  asks: "There are no members but those of the format, and those whose names begin with x-.",
  remedy: "write the name that was meant, delete it, or let its name begin with x-",
  check(name, value, known) {
    if (known.includes(name) || name.startsWith("x-")) return null;
    const meant = nearestName(name, known);
    return {
      at: [name],
      got: `unknown member ${show(name)} = ${show(value)}`,
      expected: `only ${known.join(", ")}, and names that begin with x-`,
      advice:
        ADVICE_FOR_NAME.get(name) ?? (meant ? `write ${meant}` : "delete it, or let its name begin with x-"),
    };
  },
};

/** What other programs write beside the format. */
const ADVICE_FOR_NAME: ReadonlyMap<string, string> = new Map([
  ["crs", "delete it, after exporting as EPSG:4326: GeoJSON has no other system but camfence.datum"],
]);
