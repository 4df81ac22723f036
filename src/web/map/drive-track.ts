import { distanceFrom, planeAt } from "../../core/plane.ts";
import type { VerdictRecord } from "../../gate/record.ts";
import type { Action } from "../../gate/verdict.ts";
import type { DriveOnMap, DrivePiece } from "./map-state.ts";

/** What the track needs of a verdict. */
export type TrackVerdict = Pick<
  VerdictRecord,
  "timeMs" | "action" | "reason" | "zones" | "latDeg" | "lonDeg"
>;

/** A drive's way, built verdict by verdict in bounded memory. */
export interface DriveTrack {
  add(verdict: TrackVerdict): void;
  /** What was released in that time was taken back. */
  revoke(afterMs: number, untilMs: number): void;
  built(name: string): DriveOnMap;
}

/** Places nearer to the one before are left out, unless the verdict changes there. */
const STEP_M = 1;
/** Where the place jumps or was unknown for so long, the line ends. */
const MAX_GAP_MS = 10_000;
const MAX_PLACES = 200_000;

const STRENGTH: Readonly<Record<Action, number>> = { pass: 0, blur: 1, drop: 2 };

/** One moment: the worst of what happened to the frames of all cameras. */
interface Moment {
  readonly worst: TrackVerdict;
  readonly latDeg: number;
  readonly lonDeg: number;
}

export function createDriveTrack(): DriveTrack {
  const frames = { pass: 0, blur: 0, drop: 0 };
  const moments: Moment[] = [];
  return {
    add(verdict) {
      frames[verdict.action] += 1;
      const { latDeg, lonDeg, timeMs } = verdict;
      if (latDeg === null || lonDeg === null || moments.length >= MAX_PLACES) return;
      const last = moments.at(-1);
      if (last?.worst.timeMs !== timeMs) moments.push({ worst: verdict, latDeg, lonDeg });
      else if (STRENGTH[verdict.action] > STRENGTH[last.worst.action])
        moments[moments.length - 1] = { ...last, worst: verdict };
    },
    revoke(afterMs, untilMs) {
      for (let i = moments.length - 1; i >= 0; i--) {
        const moment = moments[i];
        if (moment === undefined || moment.worst.timeMs <= afterMs) break;
        if (moment.worst.timeMs > untilMs || moment.worst.action === "drop") continue;
        const worst = { ...moment.worst, action: "drop", reason: "implausible-fix", zones: [] } as const;
        moments[i] = { ...moment, worst };
      }
    },
    built: (name) => ({ name, problem: null, frames, pieces: piecesOf(moments) }),
  };
}

function piecesOf(moments: readonly Moment[]): readonly DrivePiece[] {
  const pieces: (DrivePiece & { untilMs: number; readonly line: (readonly [number, number])[] })[] = [];
  let lastPlane = null;
  for (const { worst, latDeg, lonDeg } of moments) {
    const { action, reason, zones, timeMs } = worst;
    const piece = pieces.at(-1);
    const isNear = piece !== undefined && timeMs - piece.untilMs <= MAX_GAP_MS && timeMs >= piece.untilMs;
    if (isNear && isSame(piece, worst)) {
      piece.untilMs = timeMs;
      if (lastPlane !== null && distanceFrom(lastPlane, { latDeg, lonDeg }) < STEP_M) continue;
      piece.line.push([lonDeg, latDeg]);
    } else {
      // The line of the piece before goes on to here: between two verdicts the later one is not yet known.
      if (isNear) piece.line.push([lonDeg, latDeg]);
      pieces.push({ action, reason, zones, fromMs: timeMs, untilMs: timeMs, line: [[lonDeg, latDeg]] });
    }
    lastPlane = planeAt({ latDeg, lonDeg });
  }
  return pieces;
}

const isSame = (piece: DrivePiece, { action, reason, zones }: TrackVerdict) =>
  piece.action === action && piece.reason === reason && piece.zones.join(" ") === zones.join(" ");
