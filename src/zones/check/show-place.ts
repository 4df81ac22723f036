import type { Position } from "../../core/position.ts";

/** `longitude 11.5120, latitude 48.1000`: ten metres are enough to find it. */
export const showPlace = ({ lonDeg, latDeg }: Position): string =>
  `longitude ${lonDeg.toFixed(4)}, latitude ${latDeg.toFixed(4)}`;
