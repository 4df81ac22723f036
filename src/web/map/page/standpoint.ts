import type { Feature } from "geojson";
import { planeAt } from "../../../core/plane.ts";
import { circleRing } from "../area-geometry.ts";
import type { CameraOnMap } from "../map-state.ts";
import type { Question } from "./api.ts";
import { collection } from "./collection.ts";
import type { MapView } from "./map-view.ts";

/** How far a camera's view is drawn: as far as today's cars' cameras resolve people. */
const SIGHT_M = 250;

/** Draws where the vehicle may be, and where its cameras look. */
export function showStandpoint(
  view: MapView,
  question: Question | null,
  radiusM: number | null,
  cameras: readonly CameraOnMap[],
): void {
  if (question === null) return view.show("reach", collection([]));
  const { latDeg, lonDeg, headingDeg } = question;
  const disc = circleRing({ latDeg, lonDeg }, Math.max(radiusM ?? 0, 1));
  const sectors = headingDeg === null ? [] : cameras.map((camera) => sector(question, headingDeg, camera));
  view.show("reach", collection([polygon(disc, 0.35), ...sectors.map((ring) => polygon(ring, 0.12))]));
}

const polygon = (ring: number[][], opacity: number): Feature => ({
  type: "Feature",
  properties: { opacity },
  geometry: { type: "Polygon", coordinates: [ring] },
});

const STEPS = 48;

function sector(
  { latDeg, lonDeg }: Question,
  headingDeg: number,
  { yawDeg, hfovDeg }: CameraOnMap,
): number[][] {
  const plane = planeAt({ latDeg, lonDeg });
  const arc = Array.from({ length: STEPS + 1 }, (_, i) => {
    const bearing = ((headingDeg + yawDeg + hfovDeg * (i / STEPS - 0.5)) * Math.PI) / 180;
    return [
      lonDeg + (SIGHT_M * Math.sin(bearing)) / plane.xPerDeg,
      latDeg + (SIGHT_M * Math.cos(bearing)) / plane.yPerDeg,
    ];
  });
  const here = [lonDeg, latDeg];
  return hfovDeg >= 360 ? [...arc, arc[0] ?? here] : [here, ...arc, here];
}
