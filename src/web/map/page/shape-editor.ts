import type { Polygon } from "geojson";
import { TerraDraw } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { circleRing } from "../area-geometry.ts";
import type { EditGeometry } from "../edit/edit-request.ts";
import type { AreaOnMap } from "../map-state.ts";
import { collection } from "./collection.ts";
import { drawModes } from "./draw-modes.ts";
import { DECIMALS, addArea, addPoint, centreOf, circleIn, geometryIn, selectFirst } from "./drawn-shapes.ts";
import type { MapView } from "./map-view.ts";

/** A shape under somebody's hands. */
export interface ShapeEditor {
  /** null while nothing is drawn yet. */
  geometry(): EditGeometry | null;
  /** Of a circle, metres. */
  setRadius(radiusM: number): void;
  /** Whether it is another shape than at first. */
  isMoved(): boolean;
  stop(): void;
}

/** More handles than that are no help. */
const MAX_CORNERS = 1000;

/** Why the shape of an area cannot be edited with the mouse; null where it can. */
export function notByHand({ vertices, box }: AreaOnMap): string | null {
  if (vertices > MAX_CORNERS) return `its ${vertices} corners are too many to move by hand`;
  return box[0] < -180 || box[2] > 180 ? "it lies over the antimeridian" : null;
}

export type Begin =
  | { readonly kind: "draw"; readonly what: "polygon" | "circle" }
  | { readonly kind: "edit"; readonly area: AreaOnMap };

/** Lets a shape be drawn or moved; `onChange` is called whenever it is another one. */
export function openShapeEditor(view: MapView, begin: Begin, onChange: () => void): ShapeEditor {
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map: view.map, coordinatePrecision: DECIMALS }),
    modes: drawModes(),
  });
  let radiusM = begin.kind === "edit" ? begin.area.radiusM : null;
  let isDrawing = begin.kind === "draw";
  draw.start();
  const showRing = (): void => {
    const centre = centreOf(draw);
    if (radiusM === null || centre === null || !(radiusM > 0)) return;
    const [lonDeg = 0, latDeg = 0] = centre;
    const geometry: Polygon = { type: "Polygon", coordinates: [circleRing({ lonDeg, latDeg }, radiusM)] };
    view.show("selected", collection([{ type: "Feature", properties: {}, geometry }]));
  };
  const changed = (): void => {
    showRing();
    onChange();
  };
  const handOver = (): void => {
    isDrawing = false;
    const [drawn] = draw.getSnapshot();
    if (drawn?.properties["mode"] === "circle" && drawn.geometry.type === "Polygon") {
      const circle = circleIn(drawn.geometry);
      radiusM = circle.radiusM;
      draw.clear();
      addPoint(draw, circle.centre);
    }
    draw.setMode("select");
    selectFirst(draw);
    changed();
  };
  draw.on("finish", (_, { action }) => (action === "draw" && isDrawing ? setTimeout(handOver) : changed()));
  draw.on("change", () => {
    if (!isDrawing) showRing();
  });
  if (begin.kind === "draw") draw.setMode(begin.what);
  else {
    view.show("selected", collection([]));
    addArea(draw, begin.area);
    draw.setMode("select");
    selectFirst(draw);
    showRing();
  }
  const first = JSON.stringify(geometryIn(draw, radiusM));
  return {
    isMoved: () => JSON.stringify(geometryIn(draw, radiusM)) !== first,
    geometry: () => (isDrawing ? null : geometryIn(draw, radiusM)),
    setRadius(next) {
      radiusM = next;
      changed();
    },
    stop() {
      draw.stop();
      view.show("selected", collection([]));
    },
  };
}
