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
  finding(): Finding;
}

export const NOTHING_REVOKED = (): void => {};
