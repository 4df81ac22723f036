import { Metadata, MetadataKind } from "@tufjs/models";
import type { Root, Snapshot, Targets, Timestamp } from "@tufjs/models";
import { messageOf } from "../../../core/errors.ts";
import { UpdateError } from "../update-error.ts";

export type AnySigned = Root | Timestamp | Snapshot | Targets;
type Json = Parameters<typeof Metadata.fromJSON>[1];

export const parseRoot = (bytes: Buffer): Metadata<Root> =>
  parse("root", bytes, (data) => Metadata.fromJSON(MetadataKind.Root, data));

export const parseTimestamp = (bytes: Buffer): Metadata<Timestamp> =>
  parse("timestamp", bytes, (data) => Metadata.fromJSON(MetadataKind.Timestamp, data));

export const parseSnapshot = (bytes: Buffer): Metadata<Snapshot> =>
  parse("snapshot", bytes, (data) => Metadata.fromJSON(MetadataKind.Snapshot, data));

export const parseTargets = (bytes: Buffer, role: string): Metadata<Targets> =>
  parse(role, bytes, (data) => Metadata.fromJSON(MetadataKind.Targets, data));

/** Throws `malformed` for whatever is no metadata of this kind. */
function parse<T extends AnySigned>(
  role: string,
  bytes: Buffer,
  read: (data: Json) => Metadata<T>,
): Metadata<T> {
  const metadata = tryRead(role, bytes, read);
  const { version, expires } = metadata.signed;
  // The library takes any number, and an expiry that is no time would never come.
  if (!Number.isSafeInteger(version) || version < 1)
    throw new UpdateError("malformed", `${role}: got version ${version}, expected a whole number from 1`);
  if (!Number.isFinite(Date.parse(expires)))
    throw new UpdateError("malformed", `${role} ${version}: its expiry is no time`);
  return metadata;
}

function tryRead<T extends AnySigned>(role: string, bytes: Buffer, read: (data: Json) => Metadata<T>) {
  try {
    return read(JSON.parse(bytes.toString("utf8")) as Json);
  } catch (thrown) {
    throw new UpdateError("malformed", `${role}: ${messageOf(thrown)}`, thrown);
  }
}

export const expiresMs = ({ signed }: Metadata<AnySigned>): number => Date.parse(signed.expires);
