import { formatIso } from "../../core/time.ts";
import type { Shape, ZoneSetContent } from "../../zones/zone.ts";
import { count } from "./zones-report.ts";

/** One line about a good set, such as `ok: 6 zones (2 military, 4 other), …`. */
export function describeContent(content: ZoneSetContent): string {
  const areas = [...content.zones, ...content.coverage, ...content.regions];
  const vertices = areas.flatMap(({ shapes }) => shapes).reduce((sum, shape) => sum + verticesOf(shape), 0);
  const regions = [...new Set(content.regions.map(({ region }) => region))];
  return [
    `ok: ${count(content.zones.length, "zone")} (${categoriesOf(content)})`,
    content.coverage.length > 0
      ? count(content.coverage.length, "coverage area")
      : "covered everywhere (no coverage area)",
    regions.length > 0 ? `regions ${regions.join(", ")}` : "no region: nothing is uploaded",
    count(vertices, "vertex").replace("vertexs", "vertices"),
    `expires ${formatIso(content.expiresMs)}`,
    `set ${content.hash.slice(0, 16)}`,
  ].join("; ");
}

function categoriesOf({ zones }: ZoneSetContent): string {
  const counts = new Map<string, number>();
  for (const { category } of zones) counts.set(category, (counts.get(category) ?? 0) + 1);
  return [...counts].map(([category, zonesOfIt]) => `${zonesOfIt} ${category}`).join(", ");
}

/** The repeated last vertex of a ring is not counted; a circle has its centre. */
function verticesOf(shape: Shape): number {
  return shape.kind === "circle" ? 1 : shape.rings.reduce((sum, ring) => sum + ring.length / 2 - 1, 0);
}
