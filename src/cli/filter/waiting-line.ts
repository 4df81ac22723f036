import { createKeyframeRule } from "../../gate/keyframes.ts";
import type { KeyframeRule } from "../../gate/keyframes.ts";
import { CLEAR } from "../../gate/verdict.ts";
import type { Verdict } from "../../gate/verdict.ts";
import { isKeyframe, isSkippedLeading } from "../../redaction/coded/keyframe.ts";
import type { RecordMemory } from "../../sources/mcap/byte-source.ts";
import type { Entry, Fate } from "./entry.ts";
import { createMemoryPins } from "./memory-pins.ts";
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
  return new RecordingOrder();
}

class RecordingOrder implements WaitingLine {
  #entries: Entry[] = [];
  #first = 0;
  readonly #pins = createMemoryPins((memory) => this.#reused.maybeIdle(memory));
  readonly #reused = createReusedMemory((memory) => this.#pins.has(memory));
  readonly #aftermath = createAftermath();

  get memory(): RecordMemory {
    return this.#reused;
  }

  get sizeBytes(): number {
    return this.#pins.sizeBytes + (this.#entries.length - this.#first) * ENTRY_BYTES;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#pins.add(entry.parts);
  }

  give(entry: Entry, fate: Fate, parts: readonly Uint8Array[]): void {
    this.#pins.remove(entry.parts);
    entry.fate = fate;
    entry.parts = parts;
    this.#pins.add(parts);
  }

  confirmAll(): void {
    for (const entry of this.#entries) {
      if (entry.fate.kind === "released") entry.fate = { ...entry.fate, frameMs: -Infinity };
    }
  }

  drop(reason: LossReason, proved: (entry: Entry) => boolean): void {
    for (let i = this.#first; i < this.#entries.length; i++) {
      const entry = this.#entries[i];
      if (entry?.fate.kind === "released" && proved(entry)) entry.fate = { kind: "dropped", reason };
    }
  }

  next(isConfirmed: (frameMs: number) => boolean): Entry | null {
    const entry = this.#entries[this.#first];
    if (entry === undefined || entry.fate.kind === "unjudged") return null;
    if (entry.fate.kind === "released" && !isConfirmed(entry.fate.frameMs)) return null;
    this.#shift(entry);
    return this.#aftermath(entry);
  }

  giveUpFirst(reason: LossReason): boolean {
    const entry = this.#entries[this.#first];
    if (entry === undefined) return false;
    entry.fate = { kind: "dropped", reason };
    // The gate may be at it still.
    entry.parts.forEach((part) => this.#reused.abandon(part.buffer));
    return true;
  }

  #shift(entry: Entry): void {
    this.#pins.remove(entry.parts);
    this.#first++;
    if (this.#first <= 1024 || this.#first * 2 <= this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
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

const BLUR: Verdict = { action: "blur", reason: "inside", zones: [] };
