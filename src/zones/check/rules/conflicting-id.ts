import type { Area } from "../../area.ts";
import type { Check } from "../rule.ts";
import { show } from "../show.ts";

/** Of an area, and the one of the same id in an earlier file. Names and `x-` members may differ. */
export const conflictingId: Check<[area: Area, other: Area, otherFile: string]> = {
  id: "conflicting-id",
  severity: "error",
  asks: "Files that have the same id mean the same by it.",
  remedy: "delete the outdated one, or rename one",
  check: (area, other, otherFile) =>
    meaningOf(area) === meaningOf(other)
      ? null
      : {
          at: ["properties", "id"],
          got: `${show(area.id)}, which is something else in ${otherFile}`,
          expected: "the same content in both files, or an id of its own",
        },
};

const meaningOf = (area: Area) =>
  JSON.stringify(area, (_key, value: unknown) => (value instanceof Float64Array ? [...value] : value));
