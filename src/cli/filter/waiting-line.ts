import { createKeyframeRule } from "../../gate/keyframes.ts";
import type { KeyframeRule } from "../../gate/keyframes.ts";
import { CLEAR } from "../../gate/verdict.ts";
import type { Verdict } from "../../gate/verdict.ts";
import { isKeyframe, isSkippedLeading } from "../../redaction/coded/keyframe.ts";
import type { RecordMemory } from "../../sources/mcap/byte-source.ts";
import type { Entry, Fate } from "./entry.ts";
import { createReusedMemory } from "./reused-memory.ts";
import type { LossReason } from "./tally.ts";

/** Messages that wait to go out, in the order of the recording. */
export interface WaitingLine {
  /** Memory that cannot be freed for it: messages keep whole chunks. */
  readonly sizeBytes: number;
  push(entry: Entry): void;
  /** Sets what is to become of an entry in line, and its data. */
  give(entry: Entry, fate: Fate, parts: readonly Uint8Array[]): void;
  /** Nothing can prove wrong any more what was released. */
  confirmAll(): void;
  /** Drops what was released and did not go out yet, where `proved` says so. */
  drop(reason: LossReason, proved: (entry: Entry) => boolean): void;
  /** The next message that may go out or has been dropped; null where the first must wait. */
  next(isConfirmed: (frameMs: number) => boolean): Entry | null;
  /** Ends the wait of the first in line: it is dropped. False when none waits. */
  giveUpFirst(reason: LossReason): boolean;
  /** The memory that records are put in. */
  readonly memory: RecordMemory;
}

/** What an entry takes beside its data, roughly. */
const ENTRY_BYTES = 512;

export function createWaitingLine(): WaitingLine {
  let entries: Entry[] = [];
  let first = 0;
  const pins = createPins((memory) => reused.maybeIdle(memory));
  const reused = createReusedMemory((memory) => pins.has(memory));
  const pin = (entry: Entry): void => entry.parts.forEach((part) => pins.add(part.buffer));
  const unpin = (entry: Entry): void => entry.parts.forEach((part) => pins.remove(part.buffer));
  const aftermath = createAftermath();

  function shift(entry: Entry): Entry {
    unpin(entry);
    first++;
    if (first > 1024 && first * 2 > entries.length) {
      entries = entries.slice(first);
      first = 0;
    }
    return aftermath(entry);
  }

  return {
    get sizeBytes() {
      return pins.sizeBytes + (entries.length - first) * ENTRY_BYTES;
    },
    push(entry) {
      entries.push(entry);
      pin(entry);
    },
    give(entry, fate, parts) {
      unpin(entry);
      entry.fate = fate;
      entry.parts = parts;
      pin(entry);
    },
    confirmAll() {
      for (const entry of entries) {
        if (entry.fate.kind === "released") entry.fate = { ...entry.fate, frameMs: -Infinity };
      }
    },
    drop(reason, proved) {
      for (let i = first; i < entries.length; i++) {
        const entry = entries[i];
        if (entry?.fate.kind === "released" && proved(entry)) entry.fate = { kind: "dropped", reason };
      }
    },
    next(isConfirmed) {
      const entry = entries[first];
      if (entry === undefined || entry.fate.kind === "unjudged") return null;
      if (entry.fate.kind === "released" && !isConfirmed(entry.fate.frameMs)) return null;
      return shift(entry);
    },
    giveUpFirst(reason) {
      const entry = entries[first];
      if (entry === undefined) return false;
      entry.fate = { kind: "dropped", reason };
      // The gate may be at it still.
      entry.parts.forEach((part) => reused.abandon(part.buffer));
      return true;
    },
    memory: reused,
  };
}

/**
 * The gate's keyframe rule again, for frames that were dropped after the gate had passed them: coded video goes on at the
 * next keyframe, or what was dropped would show in what follows.
 */
function createAftermath(): (entry: Entry) => Entry {
  const rules = new Map<string, KeyframeRule>();
  return (entry) => {
    const { stream, frame, fate } = entry;
    if (stream === null) return entry;
    const rule = rules.get(stream) ?? createKeyframeRule({ isKeyframe, isSkippedLeading });
    rules.set(stream, rule);
    if (fate.kind === "dropped") rule.lost();
    if (fate.kind !== "released" || frame === null) return entry;
    const { action } = rule.apply(fate.action === "pass" ? CLEAR : BLUR, frame);
    if (action === "drop") entry.fate = { kind: "dropped", reason: "awaiting-keyframe" };
    return entry;
  };
}

/** The memory that is in use, each piece counted once; `onLast` is told of what is not any more. */
function createPins(onLast: (memory: ArrayBufferLike) => void) {
  const counts = new Map<ArrayBufferLike, number>();
  let sizeBytes = 0;
  return {
    get sizeBytes() {
      return sizeBytes;
    },
    has: (memory: ArrayBufferLike): boolean => counts.has(memory),
    add(memory: ArrayBufferLike): void {
      const count = counts.get(memory) ?? 0;
      if (count === 0) sizeBytes += memory.byteLength;
      counts.set(memory, count + 1);
    },
    remove(memory: ArrayBufferLike): void {
      const count = counts.get(memory) ?? 0;
      if (count > 1) return void counts.set(memory, count - 1);
      if (!counts.delete(memory)) return;
      sizeBytes -= memory.byteLength;
      onLast(memory);
    },
  };
}

const BLUR: Verdict = { action: "blur", reason: "inside", zones: [] };
