import { CamfenceError } from "../../core/errors.ts";
import type { Frame } from "../../sources/frame.ts";
import type { Stamp, StampedMessage } from "./chunk-buffer.ts";
import { fileDescriptorSet, IMAGE_SCHEMAS } from "./foxglove-schemas.ts";
import type { ImageSchema } from "./foxglove-schemas.ts";
import { frameMessage } from "./frame-message.ts";
import type { FrameMessage } from "./frame-message.ts";
import type { McapWriter } from "./mcap-writer.ts";

/**
 * Makes the messages of frames on `/camera/<id>`: JPEG as `CompressedImage`, raw formats as `RawImage` (I420 as NV12,
 * rows without padding), H.264 and H.265 as `CompressedVideo`, with Foxglove's protobuf schemas. Throws CamfenceError
 * for a frame that none of them can hold.
 */
export function createImageMessages(writer: McapWriter): (frame: Frame) => StampedMessage {
  const channelFor = createChannels(writer);
  return (frame) => {
    const { id: channelId, message, dataField } = channelFor(frame);
    const { seconds, nanos } = stampOf(frame.timeMs);
    const sequence = sequenceOf(frame);
    // Spelt out: spreading objects costs more than all the rest of a small frame.
    return {
      channelId,
      sequence,
      seconds,
      nanos,
      fixed: message.fixed,
      dataField,
      data: message.data(frame),
    };
  };
}

/** A frame's number as MCAP counts: in 32 bits. */
export function sequenceOf({ seq }: Pick<Frame, "seq">): number {
  return seq % (MAX_U32 + 1);
}

const NOTHING = new Uint8Array(0);
const MAX_U32 = 0xffff_ffff;
// Nanoseconds are 64 bits: until the year 2554.
const MAX_TIME_MS = 2 ** 64 / 1e6;

interface ImageChannel {
  readonly id: number;
  readonly dataField: number;
  readonly message: FrameMessage;
  /** The frame that the channel's fixed fields were made from. */
  readonly like: Frame;
}

/** One channel a camera and schema; the fixed fields are made anew when a camera changes its format or size. */
function createChannels(writer: McapWriter): (frame: Frame) => ImageChannel {
  const latest = new Map<string, ImageChannel>();
  const ids = new Map<string, number>();
  const schemaFor = createSchemas(writer);
  return (frame) => {
    const known = latest.get(frame.camera);
    if (known !== undefined && isAlike(known.like, frame)) return known;
    const message = frameMessage(frame);
    const key = `${message.schema} ${frame.camera}`;
    const topic = `/camera/${frame.camera}`;
    const schemaId = schemaFor(message.schema);
    const described = { schemaId, topic, messageEncoding: "protobuf", metadata: new Map<string, string>() };
    const id = ids.get(key) ?? writer.addChannel(described);
    ids.set(key, id);
    const channel = {
      id,
      dataField: IMAGE_SCHEMAS[message.schema].data,
      message,
      like: { ...frame, data: NOTHING },
    };
    latest.set(frame.camera, channel);
    return channel;
  };
}

function createSchemas(writer: McapWriter): (name: ImageSchema) => number {
  const ids = new Map<ImageSchema, number>();
  return (name) => {
    const data = fileDescriptorSet(name);
    const id = ids.get(name) ?? writer.addSchema({ name: `foxglove.${name}`, encoding: "protobuf", data });
    ids.set(name, id);
    return id;
  };
}

function isAlike(a: Frame, b: Frame): boolean {
  return (
    a.format === b.format && a.width === b.width && a.height === b.height && a.strideBytes === b.strideBytes
  );
}

/** A time as whole seconds and nanoseconds. Throws CamfenceError `malformed` for one that MCAP cannot hold. */
export function stampOf(timeMs: number): Stamp {
  if (!(timeMs >= 0 && timeMs < MAX_TIME_MS)) {
    throw new CamfenceError("malformed", `frame time is ${timeMs}, expected milliseconds since 1970`);
  }
  const seconds = Math.floor(timeMs / 1000);
  const nanos = Math.round((timeMs - seconds * 1000) * 1e6);
  return nanos < 1e9 ? { seconds, nanos } : { seconds: seconds + 1, nanos: 0 };
}
