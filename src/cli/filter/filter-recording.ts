import type { GuardPolicyInput } from "../../config.ts";
import type { ByteSource } from "../../sources/mcap/byte-source.ts";
import type { RecordingSink } from "../../sources/mcap/recording-sink.ts";
import { readRecording } from "../../sources/mcap/read-recording.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import type { CameraMatch } from "./camera-match.ts";
import type { Entry } from "./entry.ts";
import { inLogOrder } from "./in-log-order.ts";
import type { OutputMcap } from "./output-mcap.ts";
import type { Packing } from "./packing.ts";
import { createRecordingGate } from "./recording-gate.ts";
import type { Event } from "./sort-messages.ts";
import { createSorter } from "./sort-messages.ts";
import type { Tally } from "./tally.ts";
import { createWaitingLine } from "./waiting-line.ts";

export interface FilterOptions {
  readonly input: ByteSource;
  readonly output: OutputMcap;
  readonly packing: Packing;
  readonly zones: ZoneSet;
  readonly policy: GuardPolicyInput;
  readonly cameras: CameraMatch;
  /** Topics whose positions are the vehicle's; null = all. */
  readonly positionTopics: readonly string[] | null;
  readonly keepPositions: boolean;
  /** Whether a message without a time of its own was true when it was recorded. */
  readonly logTimes: boolean;
  /** Taken where a position states none. */
  readonly accuracyM: number | null;
  /** Messages may wait in so much memory. */
  readonly maxWaitingBytes: number;
  /** Called once for whatever must be said. */
  readonly say: (line: string) => void;
}

export interface FilterResult {
  /** What the input lacked. */
  readonly losses: readonly string[];
  /** Frames that had gone out when a later fix proved wrong what they were judged by. */
  readonly revokedTooLate: number;
}

/** Recorders with several threads write so much out of order. */
const REORDER_MS = 1000;

/** Where log times stand still nothing is ever in order. */
const MAX_EVENTS = 100_000;

/**
 * Filters a recording as it is read. Frames are judged in the order in which they were recorded, as the vehicle would have,
 * and then wait until a trusted fix of their own time or later has come: should it contradict those before, what they
 * were judged by is wrong, and they are dropped (rule 2). What waits is bounded: when it is too much, frames are
 * dropped as `overload`, those that wait the longest first.
 */
export async function filterRecording(options: FilterOptions, tally: Tally): Promise<FilterResult> {
  const { output, packing } = options;
  const order = inLogOrder<Event>(REORDER_MS);
  const line = createWaitingLine();
  const gate = createRecordingGate(options, line);
  const push = createSorter(options, tally, { order, line });

  async function go(all: boolean): Promise<void> {
    for (let event = order.next(all); event !== null; event = order.next(all)) await gate.take(event);
    await writeOut(all);
  }

  async function writeOut(all: boolean): Promise<void> {
    const isConfirmed = (frameMs: number) => all || gate.isConfirmed(frameMs);
    for (let entry = line.next(isConfirmed); entry !== null; entry = line.next(isConfirmed)) {
      count(entry, tally);
      if (entry.fate.kind === "dropped") continue;
      const writing = output.addMessage(entry.channel.id, entry.head, entry.parts);
      if (writing !== undefined) await writing;
      gate.wentOut(entry);
    }
  }

  /** Rule 2: what cannot be held until it is proved is dropped. */
  async function relieve(): Promise<void> {
    for (let event = order.next(true); event !== null; event = order.next(true)) await gate.take(event);
    await writeOut(false);
    while (line.sizeBytes > options.maxWaitingBytes && line.giveUpFirst("overload")) await writeOut(false);
  }

  const sink: RecordingSink = {
    header: ({ profile, library }) => output.header(profile, `camfence filter <- ${library}`),
    schema: (record) => output.addSchema(record),
    channel: (channel, record) => output.addChannel(channel, record),
    message: push,
    metadata: (record) => output.addMetadata(record),
    attachment: (head, bodyBytes, parts) => output.addAttachment(head, bodyBytes, parts),
    packed: (compression) => packing(compression, output),
    async settle() {
      await go(false);
      if (line.sizeBytes > options.maxWaitingBytes || order.size > MAX_EVENTS) await relieve();
    },
  };
  // What is in no chunk has no packing to go by.
  await packing("", output);
  const losses = await readRecording(options.input, sink, line.memory);
  await go(true);
  await gate.end();
  await writeOut(true);
  await output.end();
  return { losses, revokedTooLate: gate.revokedTooLate() };
}

function count({ channel: { topic }, fate, stream }: Entry, tally: Tally): void {
  if (stream === null) return;
  if (fate.kind === "released") tally.released(topic, fate.action);
  if (fate.kind === "dropped") tally.dropped(topic, fate.reason);
}
