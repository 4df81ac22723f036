import type { GatePolicy } from "../gate/policy.ts";
import { hits, worst } from "../gate/judge.ts";
import type { Surroundings } from "../gate/surroundings.ts";
import { extentM, lookAround } from "../gate/surroundings.ts";
import type { KnownReach } from "../positioning/reach.ts";
import type { Camera } from "../sources/camera.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import type { DestroyReason, Failed, StoreEvent } from "./segment-store.ts";
import type { SegmentVault } from "./segment-vault.ts";
import type { FrameNote } from "./sidecar/frame-notes.ts";
import { unpackNotes } from "./sidecar/frame-notes.ts";
import type { Summary } from "./sidecar/summary.ts";

export interface RecheckOptions {
  readonly vault: SegmentVault;
  /** The gate's own. */
  readonly policy: Pick<GatePolicy, "cabin">;
}

export interface Recheck {
  /** Segments that were judged and may leave, or stay if they have no region. */
  readonly kept: number;
  readonly events: readonly StoreEvent[];
  /** Segments that must go, which the disk refused: they are not `ready`, and are judged again the next time. */
  readonly failed: readonly Failed[];
}

/**
 * Judges every waiting segment by the zone set in force: before an upload, and at once when a new set arrives. A segment
 * with a frame that may no longer be kept as it is kept is destroyed whole, since nobody in the vehicle can cut a frame
 * out. What remains is `ready` (or `held`). An empty set proves nothing: then nothing is judged, nothing is ready.
 */
export async function recheck({ vault, policy }: RecheckOptions, set: ZoneSet): Promise<Recheck> {
  const events: StoreEvent[] = [];
  const failed: Failed[] = [];
  let kept = 0;
  for (const { id } of vault.list()) {
    // Rule 5: whatever was found before, it does not count until this set has found it again.
    vault.mark(id, "unchecked");
    if (set.zones.length === 0) continue;
    const why = await reasonToGo(vault, policy, set, id);
    if (why === null) {
      vault.mark(id, "ready");
      kept++;
      continue;
    }
    const outcome = await vault.destroy(id, why);
    if (outcome.kind === "destroyed") events.push(outcome);
    if (outcome.kind === "failed") failed.push(outcome);
  }
  return { kept, events, failed };
}

/** Destroys every finished segment with a frame after `afterMs` up to `untilMs`: the guard revoked those. */
export async function revoke(vault: SegmentVault, afterMs: number, untilMs: number): Promise<Recheck> {
  const events: StoreEvent[] = [];
  const failed: Failed[] = [];
  let kept = 0;
  for (const { id, firstMs, lastMs } of vault.list()) {
    if (lastMs <= afterMs || firstMs > untilMs || !(await hasFrameIn(vault, id, afterMs, untilMs))) {
      kept++;
      continue;
    }
    const outcome = await vault.destroy(id, "revoked");
    if (outcome.kind === "destroyed") events.push(outcome);
    if (outcome.kind === "failed") failed.push(outcome);
  }
  return { kept, events, failed };
}

async function hasFrameIn(
  vault: SegmentVault,
  id: string,
  afterMs: number,
  untilMs: number,
): Promise<boolean> {
  const cameras = vault.summary(id)?.cameras.map((camera) => camera.id) ?? [];
  const notes = await vault.notes(id).catch(() => null);
  // Rule 2: a sidecar that cannot be read may hold such a frame.
  if (notes === null) return true;
  for (const { timeMs } of unpackNotes(notes, cameras))
    if (timeMs > afterMs && timeMs <= untilMs) return true;
  return false;
}

/** null = every frame of the segment may be kept and, if it has a region, sent there. */
async function reasonToGo(
  vault: SegmentVault,
  policy: RecheckOptions["policy"],
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
function isFreeAllOver(summary: Summary, policy: RecheckOptions["policy"], set: ZoneSet): boolean {
  const { extent, lastMs, cameras } = summary;
  if (!(lastMs < set.expiresMs) || cameras.some((camera) => isShut(camera, policy))) return false;
  const around = lookAround(set, { known: true, ...extent, heading: ANYWHERE }, 0);
  return around.covered && around.freeM >= extent.radiusM && isAtHome(summary, around.region);
}

const ANYWHERE = { deg: 0, errorDeg: 180 } as const;

function isShut(camera: Camera, { cabin }: RecheckOptions["policy"]): boolean {
  return camera.kind === "cabin" && cabin === "drop";
}

/** A segment without a region is sent nowhere, wherever it was taken. */
function isAtHome({ region }: Summary, found: string | null): boolean {
  return region === null || region === found;
}

function judgeNotes(
  notes: Uint8Array,
  summary: Summary,
  policy: RecheckOptions["policy"],
  set: ZoneSet,
): DestroyReason | null {
  const cameras = new Map(summary.cameras.map((camera) => [camera.id, camera]));
  let around: Surroundings | null = null;
  for (const note of unpackNotes(notes, [...cameras.keys()])) {
    const { latDeg, lonDeg, radiusM, heading } = note;
    const reach: KnownReach = { known: true, latDeg, lonDeg, radiusM, heading };
    if (around === null || !(extentM(around, reach) <= around.freeM)) around = lookAround(set, reach, 0);
    const why = judgeNote(note, reach, around, { summary, camera: cameras.get(note.camera), policy });
    if (why !== null) return why;
  }
  return null;
}

interface Context {
  readonly summary: Summary;
  readonly camera: Camera | undefined;
  readonly policy: RecheckOptions["policy"];
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
      : worst(hits(around, reach, camera, timeMs, noMargin)).action;
  if (verdict === "drop" || (verdict === "blur" && action === "pass")) return "restricted";
  return isAtHome(summary, around.region) ? null : "region-changed";
}

function noMargin(): number {
  return 0;
}
