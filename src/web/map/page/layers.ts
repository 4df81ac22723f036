import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { Palette } from "./palette.ts";

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

const FONT = ["system-ui, sans-serif"];
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
const kindIs = (kind: string): ExpressionSpecification => ["==", ["get", "kind"], kind];
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

function driveLayers(palette: Palette): LayerSpecification[] {
  const round = { "line-cap": "round", "line-join": "round" } as const;
  const way = (action: "pass" | "blur" | "drop", width: number): LayerSpecification => ({
    id: `drive-${action}`,
    type: "line",
    source: "drive",
    filter: ["==", ["get", "action"], action],
    layout: round,
    paint: { "line-color": palette[action], "line-width": width },
  });
  return [
    {
      id: "drive-casing",
      type: "line",
      source: "drive",
      layout: round,
      paint: { "line-color": palette.land, "line-width": 8 },
    },
    way("pass", 3),
    way("blur", 4.5),
    way("drop", 4.5),
  ];
}

function markLayers({ accent, ink }: Palette): LayerSpecification[] {
  return [
    {
      id: "reach",
      type: "fill",
      source: "reach",
      paint: { "fill-color": accent, "fill-opacity": ["get", "opacity"] },
    },
    { id: "reach-line", type: "line", source: "reach", paint: { "line-color": accent, "line-width": 1.5 } },
    { id: "selected", type: "line", source: "selected", paint: { "line-color": ink, "line-width": 3 } },
  ];
}

function labelLayers({ ink, soft, land, region }: Palette): LayerSpecification[] {
  const halo = { "text-halo-color": land, "text-halo-width": 1.5 };
  return [
    {
      id: "country-label",
      type: "symbol",
      source: "countries",
      minzoom: 2,
      maxzoom: 9,
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 11, "text-max-width": 7 },
      paint: { "text-color": soft, ...halo },
    },
    {
      id: "grid-label",
      type: "symbol",
      source: "grid",
      layout: {
        "text-field": ["get", "label"],
        "text-font": FONT,
        "text-size": 10,
        "symbol-placement": "line",
        "symbol-spacing": 600,
        "text-offset": [0, -0.7],
        "text-padding": 8,
      },
      paint: { "text-color": soft, ...halo },
    },
    {
      id: "region-label",
      type: "symbol",
      source: "areas",
      filter: kindIs("region"),
      minzoom: 3,
      maxzoom: 9,
      layout: {
        "text-field": ["get", "region"],
        "text-font": FONT,
        "text-size": 12,
        "text-letter-spacing": 0.1,
      },
      paint: { "text-color": region, ...halo },
    },
    {
      id: "zone-label",
      type: "symbol",
      source: "centres",
      minzoom: 10,
      layout: {
        "text-field": ["get", "label"],
        "text-font": FONT,
        "text-size": 12,
        "text-max-width": 12,
        "text-optional": true,
      },
      paint: { "text-color": ink, ...halo },
    },
  ];
}
