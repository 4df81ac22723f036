import { CamfenceError } from "../core/errors.ts";
import type { Frame } from "../sources/frame.ts";
import type { Stamp } from "./mcap/chunk-buffer.ts";
import { fileDescriptorSet, IMAGE_SCHEMAS } from "./mcap/foxglove-schemas.ts";
import type { ImageSchema } from "./mcap/foxglove-schemas.ts";
import { frameMessage } from "./mcap/frame-message.ts";
import type { FrameMessage } from "./mcap/frame-message.ts";
import { McapFile } from "./mcap/mcap-file.ts";

/** A recording of released frames. */
export interface ReleasedMcap {
  /**
   * Copies the frame into the recording; a promise says that a chunk is being written, and is to be awaited.
   * `informationBits`: of a blurred frame; null or absent for a passed one. Throws CamfenceError for a frame that no
   * Foxglove schema can hold.
   */
  write(frame: Frame, informationBits?: number | null): void | Promise<void>;
  /** Makes the recording durable and gives it its name. */
  close(): Promise<void>;
}

/**
 * Records released frames as MCAP with Foxglove's protobuf schemas on `/camera/<id>`: JPEG as `CompressedImage`, raw
 * formats as `RawImage` (I420 as NV12, rows without padding), H.264 and H.265 as `CompressedVideo`. Log time, publish
 * time and timestamp are the frame's time, the sequence is the frame's. Each blurred frame has beside it, at the same
 * time and sequence, `{"action":"blur","informationBits":n}` on `/camera/<id>/redaction`.
 */
export async function openReleasedMcap(path: string): Promise<ReleasedMcap> {
  const file = await McapFile.create(path);
  const channelFor = createChannels(file);
  const noteChannelFor = createNoteChannels(file);
  return {
    write(frame, informationBits = null) {
      const channel = channelFor(frame);
      const { message, dataField } = channel;
      const { seconds, nanos } = stampOf(frame);
      const sequence = frame.seq % (MAX_U32 + 1);
      const data = message.data(frame);
      // Spelt out: spreading objects costs more than all the rest of a small frame.
      const image = {
        channelId: channel.id,
        sequence,
        seconds,
        nanos,
        fixed: message.fixed,
        dataField,
        data,
      };
      const written = file.addMessage(image);
      if (informationBits === null) return written;
      const channelId = noteChannelFor(frame.camera);
      const note = noteBytes(informationBits);
      return (
        file.addMessage({
          channelId,
          sequence,
          seconds,
          nanos,
          fixed: NOTHING,
          dataField: null,
          data: note,
        }) ?? written
      );
    },
    close: () => file.close(),
  };
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
function createChannels(file: McapFile): (frame: Frame) => ImageChannel {
  const latest = new Map<string, ImageChannel>();
  const ids = new Map<string, number>();
  const schemaFor = createSchemas(file);
  return (frame) => {
    const known = latest.get(frame.camera);
    if (known !== undefined && isAlike(known.like, frame)) return known;
    const message = frameMessage(frame);
    const key = `${message.schema} ${frame.camera}`;
    const topic = `/camera/${frame.camera}`;
    const schemaId = schemaFor(message.schema);
    const described = { schemaId, topic, messageEncoding: "protobuf", metadata: new Map<string, string>() };
    const id = ids.get(key) ?? file.addChannel(described);
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

function createSchemas(file: McapFile): (name: ImageSchema) => number {
  const ids = new Map<ImageSchema, number>();
  return (name) => {
    const data = fileDescriptorSet(name);
    const id = ids.get(name) ?? file.addSchema({ name: `foxglove.${name}`, encoding: "protobuf", data });
    ids.set(name, id);
    return id;
  };
}

function createNoteChannels(file: McapFile): (camera: string) => number {
  const ids = new Map<string, number>();
  return (camera) => {
    const topic = `/camera/${camera}/redaction`;
    const described = { schemaId: 0, topic, messageEncoding: "json", metadata: new Map<string, string>() };
    const id = ids.get(camera) ?? file.addChannel(described);
    ids.set(camera, id);
    return id;
  };
}

function noteBytes(informationBits: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ action: "blur", informationBits }));
}

function isAlike(a: Frame, b: Frame): boolean {
  return (
    a.format === b.format && a.width === b.width && a.height === b.height && a.strideBytes === b.strideBytes
  );
}

/** The frame's time as whole seconds and nanoseconds. Throws for a time that MCAP cannot hold. */
function stampOf({ timeMs }: Frame): Stamp {
  if (!(timeMs >= 0 && timeMs < MAX_TIME_MS)) {
    throw new CamfenceError("malformed", `frame time is ${timeMs}, expected milliseconds since 1970`);
  }
  const seconds = Math.floor(timeMs / 1000);
  const nanos = Math.round((timeMs - seconds * 1000) * 1e6);
  return nanos < 1e9 ? { seconds, nanos } : { seconds: seconds + 1, nanos: 0 };
}
