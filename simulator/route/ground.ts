import { placeAt, planeAt, wrapDeg } from "../../src/core/plane.ts";
import type { Position } from "../../src/core/position.ts";
import type { Place } from "../scenario/fields.ts";

/** A point of the scenario's map: metres east and north of its origin, at the origin's scale. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The scenario's map: linear in longitude and latitude, so its scale holds at the origin's latitude only. */
export interface Ground {
  pointOf(place: Place): Point;
  positionOf(point: Point): Position;
  /** True metres for a metre of the map, eastwards and northwards, at a place. */
  scaleAt(point: Point): { readonly east: number; readonly north: number };
}

export function groundAt(origin: Position): Ground {
  const plane = planeAt(origin);
  return {
    pointOf(place) {
      if ("eastM" in place) return { x: place.eastM, y: place.northM };
      return {
        x: wrapDeg(place.lonDeg - plane.lonDeg) * plane.xPerDeg,
        y: (place.latDeg - plane.latDeg) * plane.yPerDeg,
      };
    },
    positionOf: ({ x, y }) => placeAt(plane, x, y),
    scaleAt({ y }) {
      const here = planeAt({ latDeg: plane.latDeg + y / plane.yPerDeg, lonDeg: 0 });
      return { east: here.xPerDeg / plane.xPerDeg, north: here.yPerDeg / plane.yPerDeg };
    },
  };
}
