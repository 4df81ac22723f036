import type { Outcome, VerdictRecord } from "../gate/record.ts";
import { UNKNOWN_HEADING } from "../positioning/heading.ts";
import type { Fix } from "../sources/fix.ts";
import type { Camera } from "../sources/camera.ts";
import type { KeptFrame } from "./open-segment.ts";
import type { BufferPolicy } from "./policy.ts";
import { isJudgedWith } from "./recordable-fix.ts";
import type { StoreEvent } from "./segment-store.ts";
import type { SegmentVault } from "./segment-vault.ts";
import { lostFrame } from "./losses.ts";
import type { FrameNote } from "./sidecar/frame-notes.ts";
import { WriterWork } from "./writer-work.ts";

export interface SegmentWriterOptions {
  readonly vault: SegmentVault;
  readonly policy: BufferPolicy;
  /** Named in every segment. */
  readonly vehicle: string;
  /** How the cameras are mounted; a frame of another camera is lost as `unrecordable`. */
  readonly cameras: readonly Camera[];
  /** Region to age recipient (`age1…`). */
  readonly recipients: Readonly<Record<string, string>>;
  /**
   * Recipient of frames of no region, or of one that is not in `recipients`: they are kept with `region` null, never
   * sent, and opened by hand. null = such frames are not kept (`no-recipient`).
   */
  readonly holdRecipient: string | null;
}

/**
 * Writes what the guard releases into sealed segments. Calls are worked off in order; none of them rejects: a frame that
 * cannot be stored is lost and counted, and the next one is tried anew.
 */
export interface SegmentWriter {
  /** The newest fix that may be recorded beside frames from now on, or null. */
  locate(fix: Fix | null): void;
  /** Stores a released frame; an outcome without one is ignored. */
  write(outcome: Outcome): Promise<readonly StoreEvent[]>;
  /** Frames from now on were judged by another zone set: ends the segment. */
  useZones(zoneSetHash: string): Promise<readonly StoreEvent[]>;
  /** To be called about once a second, with the shared clock: ends a segment that is due, checkpoints one that is not. */
  tick(nowMs: number): Promise<readonly StoreEvent[]>;
  /** Destroys the segment that is being written if a frame of it lies in the interval; finished ones: `revoke`. */
  revoke(afterMs: number, untilMs: number): Promise<readonly StoreEvent[]>;
  /** Whether the disk refused to end or to remove what was being written; `tick` and `revoke` try again. */
  hasUnsettled(): boolean;
  /** Ends the segment. The writer may go on afterwards. */
  close(): Promise<readonly StoreEvent[]>;
}

export function createSegmentWriter(options: SegmentWriterOptions): SegmentWriter {
  const work = new WriterWork(options);
  const { maxQueuedBytes } = options.policy;
  let queue: Promise<unknown> = Promise.resolve();
  let queuedBytes = 0;
  let newestFix: Fix | null = null;
  const enqueue = (job: () => Promise<readonly StoreEvent[]>): Promise<readonly StoreEvent[]> => {
    const done = queue.then(job);
    queue = done;
    return done;
  };
  return {
    locate(fix) {
      newestFix = fix;
    },
    write({ record, released }) {
      if (released === null || !isReleased(record)) return Promise.resolve([]);
      const fix = newestFix !== null && isJudgedWith(newestFix, record) ? newestFix : null;
      const kept: KeptFrame = { ...released, record, note: noteOf(record), fix };
      const bytes = released.frame.data.length;
      if (queuedBytes + bytes > maxQueuedBytes) {
        return Promise.resolve([lostFrame(kept, "overload", `${queuedBytes} bytes wait for the disk`)]);
      }
      queuedBytes += bytes;
      return enqueue(() => work.write(kept).finally(() => (queuedBytes -= bytes)));
    },
    useZones: (hash) => enqueue(() => work.useZones(hash)),
    tick: (nowMs) => enqueue(() => work.tick(nowMs)),
    revoke: (afterMs, untilMs) => enqueue(() => work.revoke(afterMs, untilMs)),
    hasUnsettled: () => work.hasUnsettled,
    close: () => enqueue(() => work.close()),
  };
}

function isReleased(record: VerdictRecord): record is KeptFrame["record"] {
  return record.action !== "drop";
}

function noteOf({
  timeMs,
  camera,
  action,
  latDeg,
  lonDeg,
  radiusM,
  heading,
}: KeptFrame["record"]): FrameNote {
  // NaN is no place: such a frame is not kept.
  return {
    timeMs,
    camera,
    action,
    latDeg: latDeg ?? NaN,
    lonDeg: lonDeg ?? NaN,
    radiusM: radiusM ?? NaN,
    heading: heading ?? UNKNOWN_HEADING,
  };
}
