import { firstOutsideChina } from "../../datum.ts";
import type { Shape } from "../../zone.ts";
import type { Datum } from "../../zone-file.ts";
import type { Check } from "../rule.ts";

export const datumOutsideChina: Check<[shapes: readonly Shape[], datum: Datum]> = {
  id: "datum-outside-china",
  severity: "error",
  asks: "A file with datum gcj02 or bd09 has places in China only.",
  remedy: "put it into a file with datum wgs84, or correct the coordinates",
  check(shapes, datum) {
    for (const shape of datum === "wgs84" ? [] : shapes) {
      const outside = firstOutsideChina(shape);
      if (outside)
        return {
          at: ["geometry"],
          got: `a place outside China, ${outside.lonDeg},${outside.latDeg}, in a file with datum ${datum}`,
          expected: "places in China, where maps use this datum",
        };
    }
    return null;
  },
};
