import { createReadStream } from "node:fs";
import { CamfenceError } from "../../core/errors.ts";
import type { Camera } from "../../sources/camera.ts";
import type { FrameIn } from "../../sources/frame.ts";
import type { Channel } from "../../sources/mcap/channel.ts";
import type { ChannelKind } from "../../sources/mcap/channel-kind.ts";
import { channelKind } from "../../sources/mcap/channel-kind.ts";
import { recordedMessages } from "../../sources/mcap/read-recording.ts";
import type { RecordedMessage } from "../../sources/mcap/recording-sink.ts";
import type { CameraMatch } from "../filter/camera-match.ts";
import type { Logged } from "../filter/in-log-order.ts";
import { inLogOrder } from "../filter/in-log-order.ts";
import type { FrameArrival } from "./replay-drive.ts";

/** Recorders with several threads write so much out of order. */
const REORDER_MS = 1000;
/** Where log times stand still nothing is ever in order. */
const MAX_WAITING = 2000;

const PIECE_BYTES = 1024 * 1024;

type Arrival = FrameArrival & Logged;

/**
 * The images of a recording, in the order in which they were recorded. `warn` is told, once each, of topics that match no
 * camera, and of those whose camera has images from another topic already: they are left out.
 */
export async function* recordedFrames(
  path: string,
  cameras: CameraMatch,
  warn: (line: string) => void,
): AsyncGenerator<FrameArrival> {
  const order = inLogOrder<Arrival>(REORDER_MS);
  const frameOf = frameReader(cameras, warn);
  const pieces = createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Uint8Array>;
  for await (const messages of recordedMessages(pieces)) {
    for (const message of messages) {
      const frame = frameOf(message);
      if (frame !== null) order.push({ frame, arrivedMs: message.logMs, logMs: message.logMs, rank: 1 });
    }
    yield* ready(order.size > MAX_WAITING);
  }
  yield* ready(true);

  function* ready(all: boolean): Generator<FrameArrival> {
    for (let next = order.next(all); next !== null; next = order.next(all)) yield next;
  }
}

function frameReader(cameras: CameraMatch, warn: (line: string) => void) {
  const kinds = new Map<Channel, ChannelKind>();
  const topicOf = new Map<string, string>();
  const counts = new Map<string, number>();

  function isSole({ id }: Camera, topic: string): boolean {
    const first = topicOf.get(id) ?? topic;
    topicOf.set(id, first);
    if (first !== topic) warn(`${topic}: camera ${id} has its images from ${first}; these are left out`);
    return first === topic;
  }

  return ({ channel, data }: RecordedMessage): FrameIn | null => {
    const kind = kinds.get(channel) ?? channelKind(channel);
    kinds.set(channel, kind);
    if (kind.kind !== "image") return null;
    const image = readOr(() => kind.read(data));
    const camera = cameras.of(channel.topic, "broken" in image ? "" : image.frameId);
    if (camera === null) {
      warn(`${channel.topic}: images match no camera and are left out; see --cameras and --topics`);
      return null;
    }
    if (!isSole(camera, channel.topic)) return null;
    const seq = counts.get(camera.id) ?? 0;
    counts.set(camera.id, seq + 1);
    const place = { camera: camera.id, seq };
    if ("broken" in image) return { ...place, timeMs: Number.NaN, broken: image.broken };
    const { picture, stampMs } = image;
    if (stampMs === null) return { ...place, timeMs: Number.NaN, broken: "got no time of capture" };
    return { ...place, timeMs: stampMs, ...picture };
  };
}

function readOr<T>(read: () => T): T | { readonly broken: string } {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof CamfenceError)) throw thrown;
    return { broken: thrown.message };
  }
}
