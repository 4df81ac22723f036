import protobuf from "protobufjs/minimal.js";
import { CamfenceError } from "../../core/errors.ts";
import type { PositionFields, ReadPosition } from "./position-message.ts";
import type { ProtobufFields } from "./protobuf-fields.ts";
import { stampOf } from "./protobuf-image.ts";

/** Makes the reader of `foxglove.LocationFix` by the numbers of its fields. Proto3 leaves out what is zero. */
export function protobufPosition(fields: ProtobufFields): ReadPosition {
  const roles = new Map([...fields].map(([name, number]) => [number, name]));
  return (data) => {
    try {
      return read(data, roles);
    } catch (cause) {
      throw new CamfenceError("malformed", "a position is no protobuf message", { cause });
    }
  };
}

function read(data: Uint8Array, roles: ReadonlyMap<number, string>): PositionFields {
  const reader = protobuf.Reader.create(data);
  const numbers = { latitude: 0, longitude: 0, position_covariance_type: 0 };
  const covariance: number[] = [];
  let stampMs: number | null = null;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const role = roles.get(tag >>> 3);
    if (role === "timestamp") stampMs = stampOf(reader.bytes());
    else if (role === "latitude" || role === "longitude") numbers[role] = reader.double();
    else if (role === "position_covariance_type") numbers[role] = reader.int32();
    else if (role === "position_covariance") readDoubles(reader, tag & 7, covariance);
    else reader.skipType(tag & 7);
  }
  const { latitude, longitude, position_covariance_type: covarianceType } = numbers;
  return { stampMs, latitude, longitude, covariance, covarianceType, status: null };
}

/** Packed or one by one: readers must take both. */
function readDoubles(reader: protobuf.Reader, wireType: number, into: number[]): void {
  if (wireType !== 2) into.push(reader.double());
  else for (const end = reader.uint32() + reader.pos; reader.pos < end;) into.push(reader.double());
}
