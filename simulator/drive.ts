import type { Position } from "../src/core/position.ts";
import type { Camera } from "../src/sources/camera.ts";
import type { GnssReport } from "../src/sources/fix.ts";
import type { Frame, FrameIn } from "../src/sources/frame.ts";
import type { Scenario } from "./scenario/scenario.ts";

/**
 * A simulated drive, as a pure function of its scenario and seed. All `…Ms` are true times, milliseconds since the Unix
 * epoch, but for those inside of reports and frames: these are what the clocks said, see `clockAt`.
 */
export interface SimulatedDrive {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Where the vehicle truly is; before the start and after the end it stands. */
  readonly truthAt: (timeMs: number) => Truth;
  /** What the shared clock shows at a true time: `timeMs` but for clock steps. */
  readonly clockAt: (timeMs: number) => number;
  /** In the order of their arrival. */
  readonly reports: readonly ReportArrival[];
  readonly cameras: readonly Camera[];
  /** In the order of their arrival, all cameras together; made as they are asked for. */
  readonly frames: (pixels?: PixelSource) => Iterable<FrameArrival>;
  /** In the order of their times. The first zone set is in force from the start and is no event. */
  readonly events: readonly DriveEvent[];
  readonly zones: ZoneSetTruth;
  /** The zones that are rightly in force at a time: of all good sets that had come by then, the newest. */
  readonly zonesAt: (timeMs: number) => ZoneSetTruth;
  /** Where the drive does what the guard assumes never to happen, as measured against the truth. */
  readonly breaks: readonly BrokenAssumption[];
}

export interface Truth extends Position {
  /** The true time. */
  readonly timeMs: number;
  /** Where the vehicle's front points, clockwise from north, [0, 360). */
  readonly headingDeg: number;
  /** Over ground, along the course. */
  readonly speedMps: number;
  /** Direction of motion: the heading, but in reverse or on a ferry. */
  readonly courseDeg: number;
  /** How far the vehicle has come, back and forth, metres. */
  readonly drivenM: number;
}

export interface ReportArrival {
  readonly arrivedMs: number;
  readonly report: GnssReport;
}

export interface FrameArrival {
  readonly arrivedMs: number;
  /** The true mid-exposure. */
  readonly exposedMs: number;
  readonly frame: FrameIn;
}

/** What a camera took, before there are pixels. */
export interface Shot extends Pick<Frame, "camera" | "seq" | "width" | "height" | "format"> {
  readonly exposedMs: number;
}

/** Gives the bytes of an image; they must stay as they are while the guard has the frame. */
export type PixelSource = (shot: Shot) => Uint8Array<ArrayBuffer>;

export type DriveEvent =
  /** A zone set comes. Only a good one that is no older than those before it may take their place. */
  | { readonly kind: "zones"; readonly atMs: number; readonly set: ZoneSetTruth; readonly is: ZoneSetKind }
  /** The shared clock was set: `clockAt` differs by so much from here on. */
  | { readonly kind: "clock-step"; readonly atMs: number; readonly byMs: number }
  | { readonly kind: "receiver-ends"; readonly atMs: number; readonly how: "ends" | "fails" }
  | {
      readonly kind: "camera-ends";
      readonly atMs: number;
      readonly camera: string;
      readonly how: "ends" | "fails";
    }
  | { readonly kind: "disk-full"; readonly atMs: number; readonly untilMs: number }
  /** The guard's process is killed, and a new one starts later; what arrives between reaches nobody. */
  | { readonly kind: "kill"; readonly atMs: number; readonly untilMs: number };

/** `good`; `broken` is a file with mistakes; `empty` has no zone; `older` is authentic, but from before. */
export type ZoneSetKind = "good" | "broken" | "empty" | "older";

export interface ZoneSetTruth {
  readonly issuedMs: number;
  readonly expiresMs: number;
  readonly zones: readonly TrueZone[];
  /** null = everywhere. Of the simulator's own zones; files speak for themselves. */
  readonly coverage: TrueShape | null;
  /** Zone files that a guard gets as they stand; all zones that are in none of them are the simulator's own. */
  readonly files: readonly GivenFile[];
}

/** A zone file, and the ids of its zones. */
export interface GivenFile {
  readonly file: string;
  readonly text: string;
  readonly ids: readonly string[];
}

export interface TrueZone {
  readonly id: string;
  readonly category: "military" | "defence-industry" | "government" | "housing-compound" | "other";
  readonly action: "drop" | "blur";
  readonly standoffM: number;
  readonly viewM: number;
  /** null = all. */
  readonly cameras: readonly string[] | null;
  /** Joined: a place is in the zone when it is in any. */
  readonly shapes: readonly TrueShape[];
  /** null = always. */
  readonly times: TrueTimes | null;
}

/** When a zone restricts, by true time. */
export interface TrueTimes {
  readonly validFromMs: number;
  readonly validUntilMs: number;
  /** null = all the time between. */
  readonly schedule: TrueSchedule | null;
}

/** As zone files have it: any of the windows, on the clocks of the time zone; one whose end is not after its start ends a day later. */
export interface TrueSchedule {
  readonly timeZone: string;
  readonly windows: readonly {
    /** Such as `mon`, on which it opens; null = every day. */
    readonly days: readonly string[] | null;
    /** Such as `08:05`. */
    readonly from: string;
    readonly to: string;
  }[];
}

/**
 * Rings are `[lonDeg, latDeg]` without the closing vertex, the shell first. Longitudes run on without a jump: over the
 * antimeridian they go past ±180. Edges are straight in longitude and latitude (RFC 7946).
 */
export type TrueShape =
  | { readonly kind: "polygon"; readonly rings: readonly TrueRing[] }
  | { readonly kind: "circle"; readonly lonDeg: number; readonly latDeg: number; readonly radiusM: number };
export type TrueRing = readonly (readonly [lonDeg: number, latDeg: number])[];

/**
 * - `accuracy`: a fix was farther off than the 99.99 % radius of its claim, or of the 15 m that are assumed without one
 * - `speed`: its velocity was off by more than 1 m/s
 * - `clock`: a fix or a frame was stamped more than 50 ms off the shared clock; or, where zones have hours, that is off the
 *   true time by so much
 * - `motion`: faster, sharper or tighter than the guard thinks a vehicle can go
 * - `heading`: above the speed of a reverse gear the vehicle did not point where it went
 */
export interface BrokenAssumption {
  readonly assumption: "accuracy" | "speed" | "clock" | "motion" | "heading";
  /** True times of the first and the last such fix or frame in a row. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** The most that the bound was exceeded by, as a multiple of it: 1 is at the bound. */
  readonly timesBound: number;
}
