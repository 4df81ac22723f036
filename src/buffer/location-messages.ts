import type { Fix } from "../sources/fix.ts";
import type { StampedMessage } from "./mcap/chunk-buffer.ts";
import { createJsonMessages } from "./mcap/json-messages.ts";
import type { McapWriter } from "./mcap/mcap-writer.ts";

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

/** Of a circle that holds the position with 95 %: sigma is the radius / √(−2 ln 0.05). */
const SIGMAS = Math.sqrt(-2 * Math.log(0.05));
const [UNKNOWN, APPROXIMATED] = [0, 1];

/** Makes messages of fixes on `/location`, each fix once; null for one that was there. */
export function createLocationMessages(writer: McapWriter): (fix: Fix) => StampedMessage | null {
  const location = createJsonMessages(writer, LOCATION_SCHEMA);
  let newestMs = -Infinity;
  let seq = 0;
  return (fix) => {
    if (!(fix.timeMs > newestMs)) return null;
    newestMs = fix.timeMs;
    return location("/location", { timeMs: fix.timeMs, seq: seq++ }, locationContent(fix));
  };
}

/** A fix in the words of the schema. */
export function locationContent({ timeMs, latDeg, lonDeg, accuracyM }: Fix) {
  const variance = ((accuracyM ?? 0) / SIGMAS) ** 2;
  const sec = Math.floor(timeMs / 1000);
  return {
    timestamp: { sec, nsec: Math.floor((timeMs - sec * 1000) * 1e6) },
    frame_id: "gnss",
    latitude: latDeg,
    longitude: lonDeg,
    altitude: 0,
    position_covariance: [variance, 0, 0, 0, variance, 0, 0, 0, 0],
    position_covariance_type: accuracyM === null ? UNKNOWN : APPROXIMATED,
  };
}
