import type { ZoneSet } from "../zones/zone-set.ts";
import type { KeepingPolicy } from "./judge-again.ts";
import { reasonToGo } from "./judge-again.ts";
import type { DestroyReason, Destroyed, Failed, Gone, Segment, StoreEvent } from "./segment-store.ts";
import type { SegmentVault } from "./segment-vault.ts";
import { unpackNotes } from "./sidecar/frame-notes.ts";

export interface RecheckOptions {
  readonly vault: SegmentVault;
  /** The gate's own. */
  readonly policy: KeepingPolicy;
}

/** What became of the waiting segments. */
export interface Recheck {
  /** Segments that may stay, and leave if they have a region. */
  readonly kept: number;
  readonly events: readonly StoreEvent[];
  /** Segments that must go, which the disk refused to remove: they are never `ready`. */
  readonly failed: readonly Failed[];
}

/** Judges what is stored again. Neither call rejects; they may overlap. */
export interface Rechecker {
  /**
   * Judges every waiting segment by the zone set in force: before an upload, and at once when a new set arrives. A
   * segment with a frame that may no longer be kept as it is kept is destroyed whole, since nobody in the vehicle can
   * cut a frame out. What remains is `ready` (or `held`). An empty set proves nothing: then nothing is ready. A later
   * call ends an earlier one.
   */
  recheck(set: ZoneSet): Promise<Recheck>;
  /** Judges by the set of the last `recheck` what it left out or what was sealed since; nothing before the first. */
  recheckNew(): Promise<Recheck>;
  /** Destroys every finished segment with a frame after `afterMs` up to `untilMs`. */
  revoke(afterMs: number, untilMs: number): Promise<Recheck>;
}

export function createRechecker({ vault, policy }: RecheckOptions): Rechecker {
  let latest: ZoneSet | null = null;

  function judge(set: ZoneSet, only: (segment: Segment) => boolean): Promise<Recheck> {
    return sweep(vault, only, async ({ id }) => {
      const why = latest === set ? await reasonToGo(vault, policy, set, id) : null;
      // A newer set may have come meanwhile: then only that one counts.
      if (latest !== set) return null;
      if (why === null) vault.mark(id, "ready");
      return why;
    });
  }

  return {
    async recheck(set) {
      latest = set;
      // Rule 5: what another set found does not count. All at once: none may leave while others are judged.
      for (const { id } of vault.list()) vault.mark(id, "unchecked");
      return set.zones.length === 0 ? NOTHING : judge(set, EVERY);
    },
    async recheckNew() {
      if (latest === null || latest.zones.length === 0) return NOTHING;
      return judge(latest, ({ state }) => state === "unchecked");
    },
    revoke: (afterMs, untilMs) =>
      sweep(vault, EVERY, async ({ id, firstMs, lastMs }) => {
        if (lastMs <= afterMs || firstMs > untilMs) return null;
        return (await hasFrameIn(vault, id, afterMs, untilMs)) ? "revoked" : null;
      }),
  };
}

/** Removals under way at a time: each waits for the disk's flushes, which then share them. */
const AT_ONCE = 16;

const NOTHING: Recheck = { kept: 0, events: [], failed: [] };
const EVERY = (): boolean => true;

async function sweep(
  vault: SegmentVault,
  only: (segment: Segment) => boolean,
  reasonToGoOf: (segment: Segment) => Promise<DestroyReason | null>,
): Promise<Recheck> {
  const destroying: Promise<Destroyed | Gone | Failed>[] = [];
  let kept = 0;
  for (const segment of vault.list().filter(only)) {
    const why = await reasonToGoOf(segment);
    if (why === null) kept++;
    else destroying.push(vault.destroy(segment.id, why));
    await destroying.at(-AT_ONCE);
  }
  const outcomes = await Promise.all(destroying);
  const events = outcomes.filter((outcome) => outcome.kind === "destroyed");
  return { kept, events, failed: outcomes.filter((outcome) => outcome.kind === "failed") };
}

async function hasFrameIn(
  vault: SegmentVault,
  id: string,
  afterMs: number,
  untilMs: number,
): Promise<boolean> {
  const notes = await vault.notes(id).catch(() => null);
  // Rule 2: a sidecar that cannot be read may hold such a frame.
  if (notes === null) return true;
  for (const { timeMs } of unpackNotes(notes, [])) if (timeMs > afterMs && timeMs <= untilMs) return true;
  return false;
}
