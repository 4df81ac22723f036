import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, StyleSpecification } from "maplibre-gl";
import { Map as MapLibreMap, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import { collection } from "./collection.ts";
import { gridIn } from "./grid.ts";
import type { Group, SourceName } from "./layers.ts";
import { GROUPS, layersFor, SOURCES } from "./layers.ts";
import { onPaletteChange, paletteNow } from "./palette.ts";
import { fetchWorld } from "./world.ts";

export interface MapView {
  readonly map: MapLibreMap;
  show(source: SourceName, data: FeatureCollection): void;
  setVisible(group: Group, visible: boolean): void;
  /** `beside`: with room for the inspector. */
  fit(box: readonly [number, number, number, number], beside?: boolean): void;
}

/** Opens the map in an element and resolves when it can be drawn on. Throws where the browser has no WebGL. */
export async function openMapView(container: HTMLElement): Promise<MapView> {
  setWorkerUrl(new URL("worker.js", document.baseURI).href);
  const map = new MapLibreMap({
    container,
    style: styleNow(),
    center: [10, 30],
    zoom: 1.4,
    maxZoom: 20,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    rollEnabled: false,
    fadeDuration: 0,
    // Nothing is fetched from elsewhere: whatever is not of this page's own server is refused here, too.
    transformRequest: (url) => ({ url: url.startsWith(document.baseURI) ? url : "about:blank" }),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-right");
  await new Promise<void>((resolve) => map.once("load", () => resolve()));
  const show: MapView["show"] = (source, data) => map.getSource<GeoJSONSource>(source)?.setData(data);
  for (const [source, data] of await fetchWorld()) show(source, data);
  const showGrid = () => show("grid", gridIn(map.getBounds(), map.getZoom()));
  map.on("moveend", showGrid);
  showGrid();
  onPaletteChange(() => repaint(map));
  return {
    map,
    show,
    setVisible(group, visible) {
      for (const layer of GROUPS[group])
        map.setLayoutProperty(layer, "visibility", visible ? "visible" : "none");
    },
    fit([west, south, east, north], beside = false) {
      const right = beside && container.clientWidth > 900 ? 400 : 60;
      const bounds = [Math.max(west, -360), Math.max(south, -85), Math.min(east, 360), Math.min(north, 85)];
      map.fitBounds(bounds as [number, number, number, number], {
        padding: { ...PADDING, right },
        maxZoom: 16,
        duration: 600,
      });
    },
  };
}

/** The legend stands at the left. */
const PADDING = { left: 220, top: 60, bottom: 60 };

function styleNow(): StyleSpecification {
  const empty = () => ({ type: "geojson", data: collection([]) }) as const;
  return {
    version: 8,
    sources: Object.fromEntries(SOURCES.map((name) => [name, empty()])),
    layers: layersFor(paletteNow()),
  };
}

function repaint(map: MapLibreMap): void {
  for (const { id, paint = {} } of layersFor(paletteNow()))
    for (const [name, value] of Object.entries(paint))
      map.setPaintProperty(id, name as never, value as never);
}
