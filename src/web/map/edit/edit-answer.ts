import type { Mistake } from "../../../zones/check/mistake.ts";

/** What became of an edit, or would. */
export type EditAnswer =
  /** Nothing was written, and why. */
  | { readonly outcome: "refused"; readonly why: string; readonly mistakes: readonly Mistake[] }
  /** Nothing was written: these ids would be protected less, and nobody has confirmed it. */
  | ({ readonly outcome: "confirm"; readonly weaker: readonly string[] } & Effect)
  | ({ readonly outcome: "allowed" } & Effect)
  | ({ readonly outcome: "saved" } & Effect);

interface Effect {
  /** As `zones diff` prints them. */
  readonly changes: readonly string[];
  readonly warnings: readonly Mistake[];
}
