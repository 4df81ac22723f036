import type { VerdictRecord } from "../gate/record.ts";
import type { Frame } from "../sources/frame.ts";
import type { StampedMessage } from "./mcap/chunk-buffer.ts";
import { createJsonMessages } from "./mcap/json-messages.ts";
import type { McapWriter } from "./mcap/mcap-writer.ts";

/** At most one location in so many milliseconds: frames of several cameras share one. */
const LOCATION_EVERY_MS = 100;

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

/** Foxglove's LocationFix, as far as we fill it in. */
export const LOCATION_SCHEMA = {
  name: "foxglove.LocationFix",
  schema: {
    type: "object",
    title: "foxglove.LocationFix",
    description: "A navigation satellite fix for any Global Navigation Satellite System",
    properties: {
      timestamp: {
        type: "object",
        title: "time",
        properties: { sec: { type: "integer", minimum: 0 }, nsec: { type: "integer", minimum: 0 } },
      },
      frame_id: { type: "string" },
      latitude: { type: "number" },
      longitude: { type: "number" },
      altitude: { type: "number" },
      position_covariance: { type: "array", items: { type: "number" }, minItems: 9, maxItems: 9 },
      position_covariance_type: { enum: [0, 1, 2, 3] },
    },
  },
} as const;

/** Of a circle that holds the position with 99.99 %: sigma is the radius / √(−2 ln 0.0001). */
const SIGMAS = Math.sqrt(-2 * Math.log(1e-4));
const APPROXIMATED = 1;

/**
 * Makes what stands beside a released frame: its verdict on `/camera/<id>/verdict`, and where the vehicle was on
 * `/location` (`foxglove.LocationFix`). Only a passed frame has a location: a blurred one was taken at a restricted site.
 */
export function createVerdictMessages(writer: McapWriter) {
  const verdict = createJsonMessages(writer, VERDICT_SCHEMA);
  const location = createJsonMessages(writer, LOCATION_SCHEMA);
  let locatedMs = Number.NaN;
  return (frame: Frame, record: VerdictRecord, informationBits: number | null): StampedMessage[] => {
    const { action, reason, zones } = record;
    const topic = `/camera/${frame.camera}/verdict`;
    const messages = [verdict(topic, frame, { action, reason, zones, informationBits })];
    const isDue = !(Math.abs(frame.timeMs - locatedMs) < LOCATION_EVERY_MS);
    const fix = action === "pass" && isDue ? locationFix(record) : null;
    if (fix === null) return messages;
    locatedMs = frame.timeMs;
    return [...messages, location("/location", frame, fix)];
  };
}

function locationFix({ timeMs, latDeg, lonDeg, radiusM }: VerdictRecord) {
  if (latDeg === null || lonDeg === null || radiusM === null) return null;
  const variance = (radiusM / SIGMAS) ** 2;
  const sec = Math.floor(timeMs / 1000);
  return {
    timestamp: { sec, nsec: Math.floor((timeMs - sec * 1000) * 1e6) },
    frame_id: "reach",
    latitude: latDeg,
    longitude: lonDeg,
    altitude: 0,
    position_covariance: [variance, 0, 0, 0, variance, 0, 0, 0, 0],
    position_covariance_type: APPROXIMATED,
  };
}
