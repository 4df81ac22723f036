import { findDatumShift, type DatumShift } from "../../datum-shift.ts";
import { middleOf } from "../../outline.ts";
import type { Area } from "../../area.ts";
import type { AreaContext } from "../earlier-version.ts";
import type { Check } from "../rule.ts";

const NAMES = { wgs84: "WGS 84", gcj02: "GCJ-02", bd09: "BD-09" } as const;

/** The most dangerous mistake there is: the site stays open, and a place half a kilometre away is closed. */
export const datumShift: Check<[area: Area, context: AreaContext]> = {
  id: "datum-shift",
  severity: "error",
  asks: "A zone did not move as a wrong datum moves it.",
  remedy: "look which version names the right datum; if the earlier one was wrong: --allow-shift ID",
  check({ kind, id, shapes }, { datum, earlier }) {
    if (kind !== "zone" || earlier === null) return null;
    const same = earlier.zone(id);
    const candidates = same ? [same] : earlier.gone(middleOf(shapes));
    for (const before of candidates) {
      const shift = findDatumShift(before.shapes, shapes);
      if (shift) return finding(shift, datum, before.id === id ? "" : `, before ${before.id}`);
    }
    return null;
  },
};

function finding({ actual, declared, movedM }: DatumShift, datum: string, before: string) {
  const moved = `a zone that moved by ${Math.round(movedM)} m${before}`;
  return {
    got: `${moved}, as ${NAMES[actual]} coordinates read as ${NAMES[declared]} do`,
    expected: "the place of its earlier version, or a move that no wrong datum explains",
    ...(declared === datum
      ? {
          advice: `write datum ${actual}, if the coordinates come from a map in ${NAMES[actual]}; if the earlier version was the wrong one: --allow-shift ID`,
        }
      : {}),
  };
}
