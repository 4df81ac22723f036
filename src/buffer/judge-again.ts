import { hits, worst } from "../gate/judge.ts";
import type { GatePolicy } from "../gate/policy.ts";
import type { Surroundings } from "../gate/surroundings.ts";
import { extentM, lookAround } from "../gate/surroundings.ts";
import type { KnownReach } from "../positioning/reach.ts";
import type { Camera } from "../sources/camera.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import type { DestroyReason } from "./segment-store.ts";
import type { SegmentVault } from "./segment-vault.ts";
import type { FrameNote } from "./sidecar/frame-notes.ts";
import { unpackNotes } from "./sidecar/frame-notes.ts";
import type { Summary } from "./sidecar/summary.ts";

/** What of the gate's policy counts for frames that were stored. */
export interface KeepingPolicy extends Pick<GatePolicy, "cabin"> {
  /** By how much the clock that frames were stamped by may have been off, milliseconds. */
  readonly clockErrorMs: number;
}

/** null = every frame of the segment may be kept and, if it has a region, sent there. */
export async function reasonToGo(
  vault: SegmentVault,
  policy: KeepingPolicy,
  set: ZoneSet,
  id: string,
): Promise<DestroyReason | null> {
  const summary = vault.summary(id);
  if (summary === null) return null;
  if (isFreeAllOver(summary, policy, set)) return null;
  const notes = await vault.notes(id).catch(() => null);
  return notes === null ? "unjudgeable" : judgeNotes(notes, summary, policy, set);
}

/** One look-up for the whole segment: most were taken far from any zone. */
function isFreeAllOver(summary: Summary, policy: KeepingPolicy, set: ZoneSet): boolean {
  const { extent, lastMs, cameras, counts } = summary;
  const used = cameras.filter(({ id }) => Object.hasOwn(counts, id));
  if (!(lastMs < set.expiresMs) || used.some((camera) => isShut(camera, policy))) return false;
  const around = lookAround(set, { known: true, ...extent, heading: ANYWHERE }, 0);
  return around.freeM >= extent.radiusM && isAtHome(summary, around.region);
}

const ANYWHERE = { deg: 0, errorDeg: 180 } as const;

function isShut(camera: Camera, { cabin }: KeepingPolicy): boolean {
  return camera.kind === "cabin" && cabin === "drop";
}

/** A segment without a region is sent nowhere, wherever it was taken. */
function isAtHome({ region }: Summary, found: string | null): boolean {
  return region === null || region === found;
}

function judgeNotes(
  notes: Uint8Array,
  summary: Summary,
  policy: KeepingPolicy,
  set: ZoneSet,
): DestroyReason | null {
  const cameras = new Map(summary.cameras.map((camera) => [camera.id, camera]));
  let around: Surroundings | null = null;
  let at: KnownReach | null = null;
  for (const note of unpackNotes(notes, [...cameras.keys()])) {
    const { latDeg, lonDeg, radiusM, heading } = note;
    const reach: KnownReach = { known: true, latDeg, lonDeg, radiusM, heading };
    if (around === null || !isAnswered(around, at, reach)) around = lookAround(set, (at = reach), 0);
    const why = judgeNote(note, reach, around, { summary, camera: cameras.get(note.camera), policy });
    if (why !== null) return why;
  }
  return null;
}

/** Whether a look-up around `at` tells all about `reach`, too. */
function isAnswered(around: Surroundings, at: KnownReach | null, reach: KnownReach): boolean {
  if (extentM(around, reach) <= around.freeM) return true;
  return at?.latDeg === reach.latDeg && at.lonDeg === reach.lonDeg && at.radiusM === reach.radiusM;
}

interface Context {
  readonly summary: Summary;
  readonly camera: Camera | undefined;
  readonly policy: KeepingPolicy;
}

function judgeNote(
  { timeMs, action }: FrameNote,
  reach: KnownReach,
  around: Surroundings,
  { summary, camera, policy }: Context,
): DestroyReason | null {
  if (camera === undefined) return "unjudgeable";
  if (isShut(camera, policy)) return "restricted";
  // Written so that NaN is expired, and outside.
  if (!(timeMs < around.set.expiresMs) || !around.covered) return "unproven";
  const verdict =
    extentM(around, reach) <= around.freeM
      ? "pass"
      : worst(hits(around, reach, camera, timeMs, policy.clockErrorMs, noMargin)).action;
  if (verdict === "drop" || (verdict === "blur" && action === "pass")) return "restricted";
  return isAtHome(summary, around.region) ? null : "region-changed";
}

function noMargin(): number {
  return 0;
}
