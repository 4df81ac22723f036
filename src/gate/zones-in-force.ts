import { CamfenceError } from "../core/errors.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import { refusalOf } from "../zones/zone-set.ts";

/**
 * Rule 4: a set that is empty or older than the one in force does not take its place. Gives a function that puts a set
 * in force, and throws for one that it refuses.
 */
export function zonesInForce(use: (set: ZoneSet) => void): (set: ZoneSet) => void {
  let inForce: ZoneSet | null = null;
  return (set) => {
    const refusal = refusalOf(set, inForce);
    if (refusal !== null) throw new CamfenceError("zones-invalid", refusal);
    inForce = set;
    use(set);
  };
}
