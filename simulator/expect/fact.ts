import type { Position } from "../../src/core/position.ts";
import type { Leak } from "../truth/oracle.ts";

/** What became of a frame, as expectations see it. */
export interface FrameFact {
  /** When it was taken: the truth of a simulated drive, the frame's time of a recorded one. */
  readonly atMs: number;
  /** The time that the frame carries. */
  readonly timeMs: number;
  readonly camera: string;
  readonly action: "pass" | "blur" | "drop";
  readonly reason: string;
  readonly zones: readonly string[];
  /** Where it was taken, as far as that is known. */
  readonly place: () => Position | null;
  /** Only of simulated drives. */
  readonly truth: FrameTruth | null;
}

export interface FrameTruth {
  readonly leak: Leak | null;
  /** Whether the drive broke an assumption of the guard when this was taken. */
  readonly broken: boolean;
  /** How far the vehicle was from where the zone restricts this camera; null for a zone that is not there. */
  readonly gapM: (zone: string) => number | null;
}

/** What became of frames that were released. */
export type StoredFact =
  | { readonly kind: "stored"; readonly frames: number; readonly lastMs: number }
  /** `null`: nobody can tell how many. */
  | { readonly kind: "lost"; readonly frames: number | null; readonly why: string };

/** What is found of one expectation. */
export interface Finding {
  readonly met: boolean;
  /** Unmet because something did not happen; a smaller drive would be unmet all the more. */
  readonly isAbsence: boolean;
  /** What was got, for people. */
  readonly got: string;
}

/** Follows a drive for one expectation. */
export interface Judge {
  frame(fact: FrameFact): void;
  /** Frames of these times, all released before, were withdrawn. */
  revoked(afterMs: number, untilMs: number): void;
  /** Only of drives that are stored. */
  stored?(fact: StoredFact): void;
  finding(): Finding;
}

export const NOTHING_REVOKED = (): void => {};

/** A frame, for people: `front at 12.30 s: pass clear`. */
export function describe(fact: FrameFact | undefined, startMs: number): string {
  if (fact === undefined) return "";
  const { camera, action, reason } = fact;
  return `${camera} at ${((fact.atMs - startMs) / 1000).toFixed(2)} s: ${action} ${reason}`;
}
