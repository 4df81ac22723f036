import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { Palette } from "./palette.ts";

const FONT = ["system-ui, sans-serif"];

export const kindIs = (kind: string): ExpressionSpecification => ["==", ["get", "kind"], kind];

export function driveLayers(palette: Palette): LayerSpecification[] {
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

export function markLayers({ accent, ink }: Palette): LayerSpecification[] {
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

export function labelLayers({ ink, soft, land, region }: Palette): LayerSpecification[] {
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
