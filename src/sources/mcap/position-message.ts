import { MessageReader as Ros1Reader } from "@foxglove/rosmsg-serialization";
import { MessageReader as Ros2Reader } from "@foxglove/rosmsg2-serialization";
import * as z from "zod";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { GnssReport } from "../fix.ts";
import type { Channel } from "./channel.ts";
import { accuracyOfCovarianceM } from "./covariance.ts";
import { jsonStampMs, parseJson } from "./json-image.ts";
import { protobufFields } from "./protobuf-fields.ts";
import { protobufPosition } from "./protobuf-position.ts";
import { rosDefinitions } from "./ros-fields.ts";

/** `foxglove.LocationFix` and ROS's `NavSatFix` in one: what both have. NaN where a message has no number. */
export interface PositionFields {
  readonly stampMs: number | null;
  readonly latitude: number;
  readonly longitude: number;
  /** East, north, up; row-major; square metres. */
  readonly covariance: readonly number[];
  /** 0 unknown, 1 approximated, 2 diagonal known, 3 known. */
  readonly covarianceType: number;
  /** NavSatStatus: −1 no fix, 0 fix, 1 satellite-based and 2 ground-based augmentation; null where nothing is said. */
  readonly status: number | null;
}

export type ReadPosition = (data: Uint8Array) => PositionFields;

/** The reader of a channel's positions, which throws CamfenceError `malformed`; null where its schema cannot be read. */
export function positionReader({ messageEncoding, schema }: Channel): ReadPosition | null {
  if (schema === null) return null;
  if (messageEncoding === "json") return jsonPosition;
  if (messageEncoding === "protobuf") {
    const fields = protobufFields(schema);
    return fields === null ? null : protobufPosition(fields);
  }
  const definitions = rosDefinitions(schema);
  if (definitions === null) return null;
  if (messageEncoding === "ros1") return rosPosition(new Ros1Reader(definitions));
  return messageEncoding === "cdr" ? rosPosition(new Ros2Reader(definitions)) : null;
}

/**
 * What a position message says to the guard. A position without a time of its own gets `assumedMs`, and without that is null:
 * nobody knows when it was true.
 */
export function reportOf(fields: PositionFields, assumedMs: number | null): GnssReport | null {
  const timeMs = fields.stampMs ?? assumedMs;
  if (timeMs === null) return null;
  const { latitude: latDeg, longitude: lonDeg, status } = fields;
  const quality = status === null ? "autonomous" : QUALITY_BY_STATUS.get(status);
  // Rule 2: no fix, a status that is not known, and no numbers are no fix.
  if (quality === undefined || !Number.isFinite(latDeg) || !Number.isFinite(lonDeg))
    return { timeMs, quality: "none" };
  const accuracyM = accuracyOfCovarianceM(fields.covariance, fields.covarianceType);
  return { timeMs, latDeg, lonDeg, accuracyM, speedMps: null, courseDeg: null, quality };
}

const QUALITY_BY_STATUS: ReadonlyMap<number, "autonomous" | "differential"> = new Map([
  [0, "autonomous"],
  [1, "differential"],
  [2, "differential"],
  // Of a GPSFix: DGPS and WAAS.
  [18, "differential"],
  [33, "differential"],
]);

/** Numbers that JSON lacks come as null, or as texts. */
const Coordinate = z.number().catch(Number.NaN);
const JsonPosition = z.object({
  timestamp: z.object({ sec: z.int(), nsec: z.int().nonnegative() }).optional(),
  latitude: Coordinate,
  longitude: Coordinate,
  position_covariance: z.array(Coordinate).default([]),
  position_covariance_type: z.int().default(0),
});

function jsonPosition(data: Uint8Array): PositionFields {
  const parsed = JsonPosition.safeParse(parseJson(data));
  if (!parsed.success) throw new CamfenceError("malformed", "a JSON position lacks what a LocationFix has");
  const { timestamp, latitude, longitude, ...rest } = parsed.data;
  return {
    stampMs: timestamp === undefined ? null : jsonStampMs(timestamp),
    latitude,
    longitude,
    covariance: rest.position_covariance,
    covarianceType: rest.position_covariance_type,
    status: null,
  };
}

const RosTime = z.union([
  z.object({ sec: z.number(), nsec: z.number() }),
  z
    .object({ sec: z.number(), nanosec: z.number() })
    .transform(({ sec, nanosec }) => ({ sec, nsec: nanosec })),
]);
const Doubles = z.union([z.array(z.number()), z.instanceof(Float64Array).transform((array) => [...array])]);
const Finite = z.custom<number>((value) => typeof value === "number");

/** `sensor_msgs/NavSatFix`, or Foxglove's own message for ROS. */
const RosPosition = z.object({
  header: z.object({ stamp: RosTime }).optional(),
  timestamp: RosTime.optional(),
  status: z.object({ status: z.number() }).optional(),
  latitude: Finite,
  longitude: Finite,
  position_covariance: z.union([Doubles, z.array(Finite)]).catch([]),
  position_covariance_type: z.number().catch(0),
});

function rosPosition(reader: { readMessage(data: Uint8Array): unknown }): ReadPosition {
  return (data) => {
    const parsed = RosPosition.safeParse(attempt(() => reader.readMessage(data)));
    if (!parsed.success) throw new CamfenceError("malformed", "a position lacks what a NavSatFix has");
    const { header, timestamp, latitude, longitude, status, ...rest } = parsed.data;
    const stamp = header?.stamp ?? timestamp;
    return {
      stampMs: stamp === undefined ? null : jsonStampMs(stamp),
      latitude,
      longitude,
      covariance: rest.position_covariance,
      covarianceType: rest.position_covariance_type,
      status: status?.status ?? null,
    };
  };
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CamfenceError("malformed", `a position cannot be read: ${messageOf(cause)}`, { cause });
  }
}
