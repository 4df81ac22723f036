import type { Polygon, Position } from "geojson";
import {
  TerraDraw,
  TerraDrawCircleMode,
  TerraDrawPointMode,
  TerraDrawPolygonMode,
  TerraDrawSelectMode,
} from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { distanceFrom, planeAt } from "../../../core/plane.ts";
import { circleRing } from "../area-geometry.ts";
import type { EditGeometry } from "../edit/edit-request.ts";
import type { AreaOnMap } from "../map-state.ts";
import { collection } from "./collection.ts";
import type { MapView } from "./map-view.ts";
import { paletteNow } from "./palette.ts";

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

/** What Terra Draw takes: a tenth of a millimetre. */
const DECIMALS = 9;
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
    modes: modes(),
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

function modes() {
  const { accent } = paletteNow();
  const colour = accent as `#${string}`;
  const drawn = { fillColor: colour, fillOpacity: 0.15, outlineColor: colour, outlineWidth: 2 };
  const coordinates = { midpoints: true, draggable: true, deletable: true };
  return [
    new TerraDrawPolygonMode({ styles: drawn }),
    new TerraDrawCircleMode({ styles: drawn, segments: 96 }),
    new TerraDrawPointMode({ styles: { pointColor: colour, pointWidth: 7 } }),
    new TerraDrawSelectMode({
      // Delete would take a whole ring out.
      keyEvents: null,
      flags: {
        polygon: { feature: { draggable: true, coordinates } },
        point: { feature: { draggable: true } },
      },
      styles: {
        selectedPolygonColor: colour,
        selectedPolygonFillOpacity: 0.15,
        selectedPolygonOutlineColor: colour,
        selectedPolygonOutlineWidth: 2,
        selectionPointColor: colour,
        midPointColor: colour,
        midPointOpacity: 0.5,
        selectedPointColor: colour,
        selectedPointWidth: 7,
      },
    }),
  ];
}

const rounded = (position: Position): Position =>
  position.slice(0, 2).map((value) => Number(value.toFixed(DECIMALS)));

/** Each ring is a polygon of its own for Terra Draw, which knows no holes. */
function addArea(draw: TerraDraw, { geometry, radiusM, box }: AreaOnMap): void {
  if (radiusM !== null) {
    const [west, south, east, north] = box;
    addPoint(draw, [(west + east) / 2, (south + north) / 2]);
    return;
  }
  const rings = geometry.coordinates.flatMap((part, partNumber) =>
    part.map((ring, ringNumber) => ({
      type: "Feature" as const,
      properties: { mode: "polygon", part: partNumber, ring: ringNumber },
      geometry: { type: "Polygon" as const, coordinates: [ring.map(rounded)] },
    })),
  );
  draw.addFeatures(rings);
}

function addPoint(draw: TerraDraw, centre: Position): void {
  draw.addFeatures([
    {
      type: "Feature",
      properties: { mode: "point" },
      geometry: { type: "Point", coordinates: rounded(centre) },
    },
  ]);
}

function selectFirst(draw: TerraDraw): void {
  const [first] = draw.getSnapshot();
  if (first?.id !== undefined) draw.selectFeature(first.id);
}

/** Handles are features, too. */
const shapesIn = (draw: TerraDraw) =>
  draw
    .getSnapshot()
    .filter(({ properties }) => properties["mode"] === "polygon" || properties["mode"] === "point");

function centreOf(draw: TerraDraw): Position | null {
  const point = shapesIn(draw).find(({ geometry }) => geometry.type === "Point");
  return point?.geometry.type === "Point" ? point.geometry.coordinates : null;
}

function geometryIn(draw: TerraDraw, radiusM: number | null): EditGeometry | null {
  const centre = centreOf(draw);
  if (radiusM !== null && centre !== null) return { kind: "circle", centre: pair(centre), radiusM };
  const parts = new Map<number, [number, number][][]>();
  for (const { geometry, properties } of shapesIn(draw)) {
    if (geometry.type !== "Polygon") continue;
    const part = Number(properties["part"] ?? 0);
    const rings = parts.get(part) ?? [];
    rings[Number(properties["ring"] ?? 0)] = (geometry.coordinates[0] ?? []).map(pair);
    parts.set(part, rings);
  }
  const polygons = [...parts.values()].map((rings) => rings.filter(Boolean));
  return polygons.length === 0 ? null : { kind: "polygons", polygons };
}

const pair = ([lon = 0, lat = 0]: Position): [number, number] => [lon, lat];

/** Terra Draw draws circles as they look on a Mercator map: the middle is that of the heights there. */
function circleIn({ coordinates: [ring = []] }: Polygon) {
  const [lons, heights] = [ring.map(([lon = 0]) => lon), ring.map(([, lat = 0]) => heightOf(lat))];
  const middle = (values: readonly number[]) => (Math.min(...values) + Math.max(...values)) / 2;
  const centre = [middle(lons), latitudeOf(middle(heights))];
  const [lonDeg = 0, latDeg = 0] = centre;
  const east = { lonDeg: Math.max(...lons), latDeg };
  return { centre, radiusM: Math.max(1, Math.round(distanceFrom(planeAt({ lonDeg, latDeg }), east))) };
}

const heightOf = (latDeg: number) => Math.asinh(Math.tan((latDeg * Math.PI) / 180));
const latitudeOf = (height: number) => (Math.atan(Math.sinh(height)) * 180) / Math.PI;
