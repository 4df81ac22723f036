import type { MultiPolygon } from "geojson";
import type { Action, Reason } from "../../gate/verdict.ts";
import type { Mistake } from "../../zones/check/mistake.ts";
import type { EditProperties } from "./edit/edit-request.ts";
import type { Datum } from "../../zones/zone-file.ts";

/** What the map page shows; JSON on the way from the server to the page. */
export interface MapState {
  /** Grows with each reading of the files. */
  readonly revision: number;
  /** The set as a vehicle would load it; null where it would refuse it. */
  readonly set: SetFacts | null;
  /** Why the files cannot be read at all. */
  readonly problem: string | null;
  readonly files: readonly FileOnMap[];
  readonly areas: readonly AreaOnMap[];
  /** Features that are not understood, as they are written. */
  readonly broken: readonly BrokenFeature[];
  readonly cameras: readonly CameraOnMap[];
  /** The file that new zones may go to besides; null: none. */
  readonly saveTo: string | null;
}

export interface SetFacts {
  readonly zones: number;
  readonly hash: string;
  readonly issued: string;
  readonly expires: string;
  readonly isExpired: boolean;
}

export interface FileOnMap {
  readonly file: string;
  /** SHA-256 of its bytes. */
  readonly hash: string;
  /** null: not known, or a compiled set, which is in WGS 84. */
  readonly datum: Datum | null;
  /** Why it cannot be edited on the map; null where it can. */
  readonly readOnly: string | null;
  readonly errorCount: number;
  readonly warningCount: number;
  /** The first hundred of each. */
  readonly mistakes: readonly Mistake[];
}

/** A zone, a coverage or a region, at its WGS 84 place. */
export interface AreaOnMap {
  readonly id: string;
  readonly kind: "zone" | "coverage" | "region";
  /** Number of its file. */
  readonly file: number;
  /** Number of the feature in its file; null in a compiled set. */
  readonly feature: number | null;
  readonly name: string | null;
  readonly category: string | null;
  readonly action: "drop" | "blur" | null;
  /** As the guard takes them: with the margin of a Chinese datum. */
  readonly standoffM: number;
  readonly viewM: number;
  readonly region: string | null;
  /** When and for which cameras it restricts, in words; empty: always, all. */
  readonly limits: readonly string[];
  readonly areaM2: number;
  /** Of a zone that is one circle. */
  readonly radiusM: number | null;
  readonly vertices: number;
  /** West, south, east, north; east may pass 180. */
  readonly box: readonly [number, number, number, number];
  readonly geometry: MultiPolygon;
  /** Of a zone: what is written of that which the page can edit; null in a compiled set. */
  readonly written: EditProperties | null;
}

export interface BrokenFeature {
  readonly file: number;
  readonly feature: number;
  readonly id: string | null;
  readonly lines: readonly (readonly (readonly [number, number])[])[];
}

export interface CameraOnMap {
  readonly id: string;
  readonly yawDeg: number;
  readonly hfovDeg: number;
}

/** How far a zone reaches, drawn. */
export interface Reaches {
  readonly standoff: MultiPolygon | null;
  readonly view: MultiPolygon | null;
}

/** A drive's way by what happened to the frames of all cameras. */
export interface DriveOnMap {
  readonly name: string;
  /** Why there is nothing to see. */
  readonly problem: string | null;
  readonly frames: Readonly<Record<Action, number>>;
  readonly pieces: readonly DrivePiece[];
}

export interface DrivePiece {
  readonly action: Action;
  readonly reason: Reason;
  readonly zones: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly line: readonly (readonly [number, number])[];
}

export interface DrivesOnMap {
  /** Of the zones by which they were judged. */
  readonly revision: number;
  readonly drives: readonly DriveOnMap[];
}
