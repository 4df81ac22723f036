import { placeAt, planeAt } from "../../src/core/plane.ts";
import type { Position } from "../../src/core/position.ts";
import type { Fix, GnssReport } from "../../src/sources/fix.ts";

/** What the receiver makes of one true time; null = it says nothing. */
export interface Epoch {
  /** True time of which the receiver speaks. */
  readonly validMs: number;
  readonly report: GnssReport | null;
}

/** Metres east and north. */
export interface Offset {
  readonly eastM: number;
  readonly northM: number;
}

export const NO_OFFSET: Offset = { eastM: 0, northM: 0 };

export function plus(a: Offset, b: Offset): Offset {
  return { eastM: a.eastM + b.eastM, northM: a.northM + b.northM };
}

/** An offset of so many metres in a direction, degrees clockwise from north. */
export function towards(bearingDeg: number, metres: number): Offset {
  const bearing = (bearingDeg * Math.PI) / 180;
  return { eastM: metres * Math.sin(bearing), northM: metres * Math.cos(bearing) };
}

export function lengthM({ eastM, northM }: Offset): number {
  return Math.hypot(eastM, northM);
}

/** The same direction, at most so long. */
export function atMost(offset: Offset, limitM: number): Offset {
  const length = lengthM(offset);
  const factor = length > limitM ? limitM / length : 1;
  return { eastM: offset.eastM * factor, northM: offset.northM * factor };
}

export function moved(position: Position, { eastM, northM }: Offset): Position {
  const { latDeg, lonDeg } = placeAt(planeAt(position), eastM, northM);
  return { latDeg: Math.max(-90, Math.min(90, latDeg)), lonDeg };
}

export function isFix(report: GnssReport | null): report is Fix {
  return report !== null && report.quality !== "none";
}

/** Speed and course of a velocity, as a receiver states them. */
export function motionOf({ eastM, northM }: Offset): {
  readonly speedMps: number;
  readonly courseDeg: number;
} {
  const course = (Math.atan2(eastM, northM) * 180) / Math.PI;
  return { speedMps: Math.hypot(eastM, northM), courseDeg: course < 0 ? course + 360 : course };
}
