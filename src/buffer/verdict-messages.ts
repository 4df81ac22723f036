import type { VerdictRecord } from "../gate/record.ts";
import type { Frame } from "../sources/frame.ts";
import type { StampedMessage } from "./mcap/chunk-buffer.ts";
import { createJsonMessages } from "./mcap/json-messages.ts";
import type { McapWriter } from "./mcap/mcap-writer.ts";

const VERDICT_SCHEMA = {
  name: "camfence.Verdict",
  schema: {
    type: "object",
    title: "camfence.Verdict",
    description: "What the gate found of the camera's frame at the same time and sequence",
    properties: {
      action: { enum: ["pass", "blur"], description: "pass: as it was taken; blur: made unrecognisable" },
      reason: { type: "string", description: "clear, or why it was blurred: inside, in-view, leaving" },
      zones: { type: "array", items: { type: "string" }, description: "Ids of the zones that restricted it" },
      informationBits: {
        type: ["number", "null"],
        description: "Most bits of the original in a blurred frame",
      },
    },
  },
} as const;

/** Makes what stands beside a released frame: its verdict, on `/camera/<id>/verdict`. */
export function createVerdictMessages(writer: McapWriter) {
  const verdict = createJsonMessages(writer, VERDICT_SCHEMA);
  return (frame: Frame, record: VerdictRecord, informationBits: number | null): StampedMessage => {
    const { action, reason, zones } = record;
    return verdict(`/camera/${frame.camera}/verdict`, frame, { action, reason, zones, informationBits });
  };
}
