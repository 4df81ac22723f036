import type { Frame } from "../../sources/frame.ts";
import type { StampedMessage } from "./chunk-buffer.ts";
import { sequenceOf, stampOf } from "./image-messages.ts";
import type { McapWriter } from "./mcap-writer.ts";

const NOTHING = new Uint8Array(0);

/** The schema of JSON messages: a JSON Schema and its name. */
export interface JsonSchema {
  readonly name: string;
  readonly schema: unknown;
}

/** Makes JSON messages at the time and sequence of a frame, a channel for each topic. `schema` null = none is stated. */
export function createJsonMessages(
  writer: McapWriter,
  schema: JsonSchema | null,
): (topic: string, frame: Pick<Frame, "timeMs" | "seq">, content: unknown) => StampedMessage {
  const channels = new Map<string, number>();
  let schemaId: number | null = schema === null ? 0 : null;
  return (topic, frame, content) => {
    schemaId ??= writer.addSchema({
      name: schema?.name ?? "",
      encoding: "jsonschema",
      data: new TextEncoder().encode(JSON.stringify(schema?.schema)),
    });
    const described = { schemaId, topic, messageEncoding: "json", metadata: new Map<string, string>() };
    const channelId = channels.get(topic) ?? writer.addChannel(described);
    channels.set(topic, channelId);
    const { seconds, nanos } = stampOf(frame.timeMs);
    const data = new TextEncoder().encode(JSON.stringify(content));
    return { channelId, sequence: sequenceOf(frame), seconds, nanos, fixed: NOTHING, dataField: null, data };
  };
}
