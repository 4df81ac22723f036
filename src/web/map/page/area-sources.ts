import type { Feature } from "geojson";
import type { AreaOnMap, DrivesOnMap, MapState, Reaches } from "../map-state.ts";
import { collection } from "./collection.ts";
import type { MapView } from "./map-view.ts";

/** Draws areas, broken features and the middles of zones. */
export function showAreas(view: MapView, { areas, broken }: MapState): void {
  view.show("areas", collection(areas.map((area, number) => featureOf(area, number, area.geometry))));
  const zones = areas.flatMap((area, number) =>
    area.kind === "zone" ? [featureOf(area, number, { type: "Point", coordinates: middleOf(area) })] : [],
  );
  view.show("centres", collection(zones));
  const lines = broken.map(({ lines: coordinates, id }) => ({
    type: "Feature" as const,
    properties: { id },
    geometry: {
      type: "MultiLineString" as const,
      coordinates: coordinates.filter(({ length }) => length > 1).map((line) => line.map(([x, y]) => [x, y])),
    },
  }));
  view.show("broken", collection(lines));
}

export const middleOf = ({ box: [west, south, east, north] }: AreaOnMap): [number, number] => [
  (west + east) / 2,
  (south + north) / 2,
];

function featureOf(area: AreaOnMap, number: number, geometry: Feature["geometry"]): Feature {
  const { kind, action, region, name, id } = area;
  return { type: "Feature", properties: { number, kind, action, region, label: name ?? id }, geometry };
}

export function showDrives(view: MapView, { drives }: DrivesOnMap): void {
  const pieces = drives.flatMap((drive, driveNumber) =>
    drive.pieces.map((piece, number) => ({
      type: "Feature" as const,
      properties: { action: piece.action, drive: driveNumber, piece: number },
      geometry: { type: "LineString" as const, coordinates: lineOf(piece.line) },
    })),
  );
  view.show("drive", collection(pieces));
}

/** A vehicle that stood still has a line all the same: a dot. */
function lineOf(line: readonly (readonly [number, number])[]): number[][] {
  const places = line.map(([lon, lat]) => [lon, lat]);
  return places.length === 1 ? [...places, ...places] : places;
}

/** Below this zoom a reach of 250 m is a pixel. */
const MIN_ZOOM = 9;
const MAX_SHOWN = 500;

/** Keeps the standoffs and view ranges of what is in view on the map; they are asked for when they are first seen. */
export function keepReachesShown(
  view: MapView,
  stateNow: () => MapState | null,
  ask: (areas: readonly number[], revision: number) => Promise<Readonly<Record<string, Reaches>>>,
): () => Promise<void> {
  let known = new Map<number, Reaches>();
  let knownRevision = -1;
  const refresh = async (): Promise<void> => {
    const state = stateNow();
    if (state === null) return;
    const { revision, areas } = state;
    if (revision !== knownRevision) [known, knownRevision] = [new Map(), revision];
    const seen = view.map.getZoom() < MIN_ZOOM ? [] : inView(areas, view).slice(0, MAX_SHOWN);
    const missing = seen.filter((number) => !known.has(number));
    if (missing.length > 0) {
      const reaches = await ask(missing, revision);
      if (stateNow()?.revision !== revision) return;
      for (const [number, reach] of Object.entries(reaches)) known.set(Number(number), reach);
    }
    for (const which of ["standoff", "view"] as const) {
      const features = seen.flatMap((number): Feature[] => {
        const [area, geometry] = [areas[number], known.get(number)?.[which]];
        return area === undefined || !geometry ? [] : [featureOf(area, number, geometry)];
      });
      view.show(which, collection(features));
    }
  };
  // Where the server has ended, what is known stays.
  view.map.on("moveend", () => void refresh().catch(() => undefined));
  return refresh;
}

/** Numbers of the zones whose box, grown by 10 km, meets the screen on any turn around the earth. */
function inView(areas: readonly AreaOnMap[], { map }: MapView): number[] {
  const bounds = map.getBounds();
  const [west, south, east, north] = [
    bounds.getWest(),
    bounds.getSouth(),
    bounds.getEast(),
    bounds.getNorth(),
  ];
  const grown = 0.2;
  return areas.flatMap(({ kind, box }, number) => {
    if (kind !== "zone" || box[1] - grown > north || box[3] + grown < south) return [];
    const meets = [-360, 0, 360].some(
      (turn) => box[0] + turn - grown <= east && box[2] + turn + grown >= west,
    );
    return meets ? [number] : [];
  });
}
