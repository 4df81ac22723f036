import type { Random } from "../../src/core/random.ts";
import type { ScenarioInput } from "../scenario/scenario.ts";
import { often, pick } from "./draw.ts";
import type { Way } from "./random-way.ts";
import { randomZoneFile } from "./random-zone-file.ts";

/** Ids of the zones of a drawn file: faults may take them away. */
export const DRAWN_IDS = ["drawn/one", "drawn/two", "drawn/three"] as const;

/** Zones made up, of files that there are, and of files that are drawn. */
export function randomZones(random: Random, way: Way): ScenarioInput["zones"] {
  const isDrawn = often(random, 0.12);
  const files = often(random, 0.8) ? [...way.files] : [];
  const hasFiles = isDrawn || files.length > 0;
  return {
    ...(hasFiles && often(random, 0.6) ? {} : { generated: madeUp(random) }),
    files,
    inline: isDrawn ? [{ file: "drawn.geojson", text: randomZoneFile(random, way, DRAWN_IDS) }] : [],
    given: hasFiles ? pick(random, ["files", "files", "compiled"] as const) : "text",
    ...(often(random, 0.03) ? { coverage: { at: { eastM: 0, northM: 0 }, radiusM: 600 } } : {}),
  };
}

function madeUp(random: Random): NonNullable<ScenarioInput["zones"]["generated"]> {
  const kinds = ["compound", "sliver", "nested", "hole", "circle", "parts"] as const;
  const some = kinds.filter(() => often(random, 0.5));
  return {
    count: 1 + Math.floor(random() * 10),
    kinds: [...some, ...(often(random, 0.05) || some.length === 0 ? (["range"] as const) : [])],
    offsetM: pick(random, [10, 50, 120, 250]),
    blurShare: pick(random, [0, 0.2, 0.6]),
    viewShare: pick(random, [0, 0.4, 0.8]),
    timedShare: pick(random, [0, 0, 0, 0.3]),
  };
}
