import protobuf from "protobufjs/minimal.js";
import { LOCATION_SCHEMA, locationContent } from "../../buffer/location-messages.ts";
import { IMAGE_SCHEMAS, fileDescriptorSet } from "../../buffer/mcap/foxglove-schemas.ts";
import { frameMessage } from "../../buffer/mcap/frame-message.ts";
import { stampOf } from "../../buffer/mcap/image-messages.ts";
import type { VerdictRecord } from "../../gate/record.ts";
import type { Fix } from "../../sources/fix.ts";
import type { Frame } from "../../sources/frame.ts";

/** What a channel is, in the protocol's words, but for its number. */
export interface Topic {
  readonly topic: string;
  readonly encoding: "protobuf" | "json";
  readonly schemaName: string;
  readonly schemaEncoding: "protobuf" | "jsonschema";
  readonly schema: string;
}

export interface Payload {
  readonly topic: Topic;
  readonly timeMs: number;
  readonly data: Uint8Array;
}

/** A released frame as one of Foxglove's image messages. Throws CamfenceError for a frame that none can hold. */
export function framePayload(frame: Frame): Payload {
  const { schema, fixed, data } = frameMessage(frame);
  const { seconds, nanos } = stampOf(frame.timeMs);
  const bytes = data(frame);
  const out = new protobuf.Writer();
  out
    .uint32((1 << 3) | 2)
    .fork()
    .uint32((1 << 3) | 0)
    .int64(seconds)
    .uint32((2 << 3) | 0)
    .int32(nanos)
    .ldelim();
  const head = out
    .uint32((IMAGE_SCHEMAS[schema].data << 3) | 2)
    .uint32(bytes.length)
    .finish();
  return {
    topic: imageTopic(frame.camera, schema),
    timeMs: frame.timeMs,
    data: Buffer.concat([fixed, head, bytes]),
  };
}

const imageTopics = new Map<string, Topic>();

function imageTopic(camera: string, schema: keyof typeof IMAGE_SCHEMAS): Topic {
  const key = `${camera} ${schema}`;
  const known = imageTopics.get(key);
  if (known !== undefined) return known;
  const topic: Topic = {
    topic: `/camera/${camera}`,
    encoding: "protobuf",
    schemaName: `foxglove.${schema}`,
    schemaEncoding: "protobuf",
    schema: Buffer.from(fileDescriptorSet(schema)).toString("base64"),
  };
  imageTopics.set(key, topic);
  return topic;
}

const VERDICTS: Topic = {
  topic: "/verdicts",
  encoding: "json",
  schemaName: "camfence.VerdictNotice",
  schemaEncoding: "jsonschema",
  schema: JSON.stringify({
    type: "object",
    title: "camfence.VerdictNotice",
    description:
      "What became of a frame. Names neither zones nor places: a drop tells where the vehicle is not seen",
    properties: {
      camera: { type: "string" },
      sequence: { type: "integer" },
      action: { enum: ["pass", "blur", "drop"] },
      reason: { type: "string" },
    },
  }),
};

export function verdictPayload({ camera, seq, action, reason, timeMs }: VerdictRecord): Payload {
  return { topic: VERDICTS, timeMs, data: jsonBytes({ camera, sequence: seq, action, reason }) };
}

const LOCATION: Topic = {
  topic: "/location",
  encoding: "json",
  schemaName: LOCATION_SCHEMA.name,
  schemaEncoding: "jsonschema",
  schema: JSON.stringify(LOCATION_SCHEMA.schema),
};

/** A position that may be told. */
export function locationPayload(fix: Fix): Payload {
  return { topic: LOCATION, timeMs: fix.timeMs, data: jsonBytes(locationContent(fix)) };
}

function jsonBytes(content: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(content));
}

/** What is there from the beginning; images are announced when they come. */
export const STANDING_TOPICS: readonly Topic[] = [VERDICTS, LOCATION];
