import { CamfenceError } from "../../core/errors.ts";
import type { DriveFile } from "../drive-file.ts";
import type { DriveContent } from "../drive-readers.ts";
import type { GnssReport } from "../fix.ts";
import type { Channel } from "./channel.ts";
import type { ChannelKind } from "./channel-kind.ts";
import { channelKind } from "./channel-kind.ts";
import { reportOf } from "./position-message.ts";
import type { ReadPosition } from "./position-message.ts";
import { recordedMessages } from "./read-recording.ts";
import type { RecordedMessage } from "./recording-sink.ts";

/** 58 days at 1 Hz. */
const MAX_REPORTS = 5_000_000;

interface Arrival {
  readonly report: GnssReport;
  readonly arrivedMs: number;
}

/**
 * Reads the positions of a recording, in the order in which they were recorded, and which topics have images. A position
 * without a time of its own is left out. Throws CamfenceError `malformed` for what is no recording, and for one that
 * has neither positions nor images.
 */
export async function readMcapDrive(file: DriveFile): Promise<DriveContent> {
  const kinds = new Map<Channel, ChannelKind>();
  const arrivals: Arrival[] = [];
  const imageTopics = new Set<string>();
  const notes = new Set<string>();
  let [startMs, endMs] = [Infinity, -Infinity];

  function take(message: RecordedMessage): void {
    const { channel, logMs } = message;
    const kind = kinds.get(channel) ?? channelKind(channel);
    kinds.set(channel, kind);
    if (kind.kind === "unreadable")
      notes.add(`${channel.topic}: ${kind.what} that cannot be read: ${kind.why}`);
    if (kind.kind !== "image" && kind.kind !== "position") return;
    [startMs, endMs] = [Math.min(startMs, logMs), Math.max(endMs, logMs)];
    if (kind.kind === "image") imageTopics.add(channel.topic);
    else takePosition(message, kind.read, arrivals, notes);
  }

  const messages = recordedMessages(file.chunks());
  for (;;) {
    const step = await named(file, messages.next());
    if (step.done === true) {
      for (const loss of step.value) notes.add(`lost: ${loss}`);
      break;
    }
    step.value.forEach(take);
    if (arrivals.length > MAX_REPORTS) {
      throw new CamfenceError(
        "too-large",
        `${file.path}: holds more than ${MAX_REPORTS} positions; split the drive`,
      );
    }
  }
  if (startMs > endMs) {
    throw new CamfenceError("malformed", `${file.path}: has neither positions nor images that can be read`, {
      file: file.path,
    });
  }
  arrivals.sort((a, b) => a.arrivedMs - b.arrivedMs);
  return {
    reports: arrivals.map(({ report }) => report),
    skipped: [],
    notes: [...notes],
    recording: {
      arrivedMs: arrivals.map(({ arrivedMs }) => arrivedMs),
      imageTopics: [...imageTopics],
      startMs,
      endMs,
    },
  };
}

function takePosition(
  { channel, data, logMs }: RecordedMessage,
  read: ReadPosition,
  arrivals: Arrival[],
  notes: Set<string>,
): void {
  try {
    const report = reportOf(read(data), null);
    if (report !== null) arrivals.push({ report, arrivedMs: logMs });
    else notes.add(`${channel.topic}: positions without a time of their own are left out`);
  } catch (thrown) {
    if (!(thrown instanceof CamfenceError)) throw thrown;
    notes.add(`${channel.topic}: positions that cannot be read are left out: ${thrown.message}`);
  }
}

/** Says which file it is that cannot be read. */
async function named<T>({ path }: DriveFile, attempt: Promise<T>): Promise<T> {
  try {
    return await attempt;
  } catch (thrown) {
    if (!(thrown instanceof CamfenceError) || thrown.message.startsWith(path)) throw thrown;
    throw new CamfenceError(thrown.code, `${path}: ${thrown.message}`, { file: path, cause: thrown });
  }
}
