import type { Frame } from "../../sources/frame.ts";
import type { Channel } from "../../sources/mcap/channel.ts";
import type { RecordedMessage } from "../../sources/mcap/recording-sink.ts";
import { MESSAGE_HEAD_BYTES } from "../../sources/mcap/records.ts";
import type { LossReason } from "./tally.ts";

/** What is to become of a message. */
export type Fate =
  | { readonly kind: "unjudged" }
  /** May go out, unless a fix proves the ones it was judged by wrong. */
  | { readonly kind: "released"; readonly action: "pass" | "blur"; readonly frameMs: number }
  | { readonly kind: "dropped"; readonly reason: LossReason }
  /** Not a frame: goes out as it is. */
  | { readonly kind: "kept" };

/** A message on its way through, in the recording's own order. */
export interface Entry {
  readonly channel: Channel;
  readonly head: Uint8Array;
  readonly logMs: number;
  /** Whose keyframe rule it falls under; null for what is no frame. */
  readonly stream: string | null;
  /** Its data, one part after the other. */
  parts: readonly Uint8Array[];
  /** What was released of it. */
  frame: Frame | null;
  fate: Fate;
}

export function entryOf(message: RecordedMessage, fate: Fate): Entry {
  const { channel, record, data, logMs } = message;
  // A copy: what it is cut from may be let go of.
  const head = new Uint8Array(record.subarray(0, MESSAGE_HEAD_BYTES));
  return { channel, head, logMs, parts: [data], fate, stream: null, frame: null };
}

/** A frame, not judged yet; of `stream`, one topic's images of one camera. */
export function frameEntry(message: RecordedMessage, stream: string): Entry {
  return { ...entryOf(message, { kind: "unjudged" }), stream };
}
