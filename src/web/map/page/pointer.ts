import type { MapGeoJSONFeature } from "maplibre-gl";
import { byId } from "./dom.ts";
import type { MapView } from "./map-view.ts";
import { place } from "./words.ts";

/** A place that was clicked, and what is drawn there, by number; null: nothing. */
export interface Clicked {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly zone: number | null;
  readonly drive: number | null;
  readonly piece: number | null;
}

export interface PointerTasks {
  /** Whether clicks and keys are somebody else's now, who draws. */
  readonly isBusy: () => boolean;
  readonly onClick: (clicked: Clicked) => void;
  /** Enter asks for the middle of the map. */
  readonly onCentre: (latDeg: number, lonDeg: number) => void;
  readonly onEscape: () => void;
}

/** How near to a drive's line a click counts, pixels. */
const NEAR_PX = 3;

export function watchPointer({ map }: MapView, { isBusy, onClick, onCentre, onEscape }: PointerTasks): void {
  map.on("mousemove", ({ lngLat }) => {
    const { lat, lng } = lngLat.wrap();
    byId("pointer").textContent = `${place(lat, lng)}  WGS 84`;
  });
  map.on("click", ({ point: { x, y }, lngLat }) => {
    if (isBusy()) return;
    const [way] = map.queryRenderedFeatures(
      [
        [x - NEAR_PX, y - NEAR_PX],
        [x + NEAR_PX, y + NEAR_PX],
      ],
      { layers: ["drive-pass", "drive-blur", "drive-drop"] },
    );
    const [zone] = map.queryRenderedFeatures([x, y], { layers: ["zone-drop", "zone-blur", "centres"] });
    const found = { drive: numberOf(way, "drive"), piece: numberOf(way, "piece") };
    onClick({ latDeg: lngLat.lat, lonDeg: lngLat.lng, zone: numberOf(zone, "number"), ...found });
  });
  map.getCanvas().addEventListener("keydown", ({ key }) => {
    if (key !== "Enter" || isBusy()) return;
    const { lat, lng } = map.getCenter();
    onCentre(lat, lng);
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !isBusy()) onEscape();
  });
}

function numberOf(feature: MapGeoJSONFeature | undefined, name: string): number | null {
  return feature === undefined ? null : Number(feature.properties[name]);
}
