import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { Palette } from "./palette.ts";
import { driveLayers, kindIs, labelLayers, markLayers } from "./upper-layers.ts";

/** All sources of the map; each holds GeoJSON that begins empty. */
export const SOURCES = [
  "land",
  "borders",
  "countries",
  "grid",
  "areas",
  "centres",
  "standoff",
  "view",
  "broken",
  "drive",
  "reach",
  "selected",
] as const;
export type SourceName = (typeof SOURCES)[number];

/** What the legend switches, with the layers of each. */
export const GROUPS = {
  drop: ["zone-drop", "zone-drop-line"],
  blur: ["zone-blur", "zone-blur-line"],
  standoff: ["standoff", "standoff-line"],
  view: ["view", "view-line"],
  coverage: ["coverage", "coverage-line"],
  region: ["region", "region-line", "region-label"],
  drive: ["drive-casing", "drive-pass", "drive-blur", "drive-drop"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type Group = keyof typeof GROUPS;

/** Coasts are drawn for a map of 1:50,000,000 and fade before they mislead. */
const COAST_FADES = [7, 10] as const;

const byAction = ({ drop, blur }: Palette): ExpressionSpecification => [
  "match",
  ["get", "action"],
  "blur",
  blur,
  drop,
];
const fading = (from: string, to: string): ExpressionSpecification => [
  "interpolate",
  ["linear"],
  ["zoom"],
  COAST_FADES[0],
  from,
  COAST_FADES[1],
  to,
];
const zoneOf = (action: string): ExpressionSpecification => [
  "all",
  kindIs("zone"),
  ["==", ["get", "action"], action],
];

/** From the ground up. */
export function layersFor(palette: Palette): LayerSpecification[] {
  return [
    ...worldLayers(palette),
    ...borderLayers(palette),
    ...reachLayers(palette),
    ...zoneLayers(palette),
    ...driveLayers(palette),
    ...markLayers(palette),
    ...labelLayers(palette),
  ];
}

function worldLayers({ sea, land, ground, border, grid }: Palette): LayerSpecification[] {
  return [
    { id: "sea", type: "background", paint: { "background-color": fading(sea, ground) } },
    { id: "land", type: "fill", source: "land", paint: { "fill-color": fading(land, ground) } },
    { id: "grid", type: "line", source: "grid", paint: { "line-color": grid, "line-width": 1 } },
    {
      id: "borders",
      type: "line",
      source: "borders",
      paint: {
        "line-color": border,
        "line-width": 1,
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 8, 1, 11, 0.25],
      },
    },
  ];
}

function borderLayers({ coverage, region }: Palette): LayerSpecification[] {
  const area = (id: "coverage" | "region", colour: string, dash: number[]): LayerSpecification[] => [
    {
      id,
      type: "fill",
      source: "areas",
      filter: kindIs(id),
      paint: { "fill-color": colour, "fill-opacity": 0.05 },
    },
    {
      id: `${id}-line`,
      type: "line",
      source: "areas",
      filter: kindIs(id),
      paint: { "line-color": colour, "line-width": 1.2, "line-opacity": 0.75, "line-dasharray": dash },
    },
  ];
  return [...area("coverage", coverage, [5, 3]), ...area("region", region, [1.5, 2])];
}

function reachLayers(palette: Palette): LayerSpecification[] {
  const reach = (id: "view" | "standoff", opacity: number, dash: number[]): LayerSpecification[] => [
    { id, type: "fill", source: id, paint: { "fill-color": byAction(palette), "fill-opacity": opacity } },
    {
      id: `${id}-line`,
      type: "line",
      source: id,
      paint: {
        "line-color": byAction(palette),
        "line-width": 1,
        "line-opacity": 0.7,
        "line-dasharray": dash,
      },
    },
  ];
  return [...reach("view", 0.05, [1, 3]), ...reach("standoff", 0.1, [4, 2])];
}

function zoneLayers(palette: Palette): LayerSpecification[] {
  const zone = (action: "drop" | "blur"): LayerSpecification[] => [
    {
      id: `zone-${action}`,
      type: "fill",
      source: "areas",
      filter: zoneOf(action),
      paint: { "fill-color": palette[action], "fill-opacity": 0.32 },
    },
    {
      id: `zone-${action}-line`,
      type: "line",
      source: "areas",
      filter: zoneOf(action),
      paint: {
        "line-color": palette[action],
        "line-width": 1.8,
        ...(action === "blur" && { "line-dasharray": [4, 2] }),
      },
    },
  ];
  return [
    ...zone("blur"),
    ...zone("drop"),
    {
      id: "broken",
      type: "line",
      source: "broken",
      paint: { "line-color": palette.drop, "line-width": 2.5, "line-dasharray": [1, 1] },
    },
    {
      id: "centres",
      type: "circle",
      source: "centres",
      maxzoom: 11,
      paint: {
        "circle-color": byAction(palette),
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 1, 2.5, 9, 5],
        "circle-opacity": ["interpolate", ["linear"], ["zoom"], 9.5, 0.9, 11, 0],
        "circle-stroke-color": palette.land,
        "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 9.5, 1, 11, 0],
      },
    },
  ];
}
