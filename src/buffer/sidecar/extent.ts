import { distanceFrom, planeAt, wrapDeg } from "../../core/plane.ts";
import type { FrameNote } from "./frame-notes.ts";
import type { Disc } from "./summary.ts";

/** The box of reaches seen so far. Longitudes are counted from the first one, so that ±180 is no edge. */
export interface Extent {
  readonly add: (note: FrameNote) => void;
  /** A disc that holds all reaches added. */
  readonly disc: () => Disc;
}

/** Rounding, and the bend of the box's edges between its corners. */
const SLACK = 1.001;

export function createExtent(): Extent {
  let originDeg: number | null = null;
  let [west, south, east, north, radiusM] = [Infinity, Infinity, -Infinity, -Infinity, 0];
  return {
    add(note) {
      originDeg ??= note.lonDeg;
      const lonDeg = wrapDeg(note.lonDeg - originDeg);
      west = Math.min(west, lonDeg);
      east = Math.max(east, lonDeg);
      south = Math.min(south, note.latDeg);
      north = Math.max(north, note.latDeg);
      radiusM = Math.max(radiusM, note.radiusM);
    },
    disc() {
      const centre = {
        latDeg: (south + north) / 2,
        lonDeg: wrapDeg((originDeg ?? 0) + (west + east) / 2),
      };
      const plane = planeAt(centre);
      const cornersM = [south, north].map((latDeg) =>
        distanceFrom(plane, { latDeg, lonDeg: wrapDeg((originDeg ?? 0) + east) }),
      );
      return { ...centre, radiusM: Math.max(...cornersM) * SLACK + radiusM };
    },
  };
}
