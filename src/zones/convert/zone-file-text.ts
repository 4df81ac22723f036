import type { ZoneFileHeader } from "../zone-file.ts";
import type { Feature } from "./features.ts";

/** A zone file with a feature on each line: what changes between two issues is what a diff of lines shows. */
export function zoneFileText(header: ZoneFileHeader, features: readonly Feature[]): string {
  const lines = features.map((feature) => `    ${JSON.stringify(toGeojson(feature))}`);
  return `{
  "type": "FeatureCollection",
  "camfence": ${JSON.stringify(header, null, 2).replaceAll("\n", "\n  ")},
  "features": [
${lines.join(",\n")}
  ]
}
`;
}

export const toGeojson = ({ id, properties, geometry }: Feature) => ({
  type: "Feature",
  properties: { id, ...properties },
  geometry,
});
