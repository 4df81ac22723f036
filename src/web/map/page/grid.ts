import type { Feature, FeatureCollection, LineString } from "geojson";
import type { LngLatBounds } from "maplibre-gl";
import { collection } from "./collection.ts";

/** Steps that people read easily, degrees. */
const STEPS_DEG = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005];
/** So many lines across the screen, about. */
const LINES = 7;

/** Meridians and parallels in view: where no streets are shown, they tell where one is. */
export function gridIn(bounds: LngLatBounds, zoom: number): FeatureCollection<LineString> {
  const [west, south, east, north] = [
    bounds.getWest(),
    Math.max(bounds.getSouth(), -85),
    bounds.getEast(),
    Math.min(bounds.getNorth(), 85),
  ];
  const wish = Math.min(east - west, 360) / LINES;
  const step = zoom < 2 ? 30 : (STEPS_DEG.find((each) => each <= wish) ?? 0.0005);
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const lines: Feature<LineString>[] = [];
  for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step)
    lines.push(
      line(`${(((((lon + 180) % 360) + 360) % 360) - 180).toFixed(digits)}°`, [lon, south], [lon, north]),
    );
  for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step)
    lines.push(line(`${lat.toFixed(digits)}°`, [west, lat], [east, lat]));
  return collection(lines);
}

function line(label: string, from: number[], to: number[]): Feature<LineString> {
  return {
    type: "Feature",
    properties: { label },
    geometry: { type: "LineString", coordinates: [from, to] },
  };
}
