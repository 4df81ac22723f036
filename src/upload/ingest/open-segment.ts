import { McapStreamReader } from "@mcap/core";
import type { McapTypes } from "@mcap/core";
import { openAge } from "../../buffer/age/open-age.ts";
import { CamfenceError, messageOf } from "../../core/errors.ts";

/** What is authenticated inside a segment's seal. */
export interface SealedIdentity {
  readonly id: string;
  /** Null: captured where no region was certain; never to be sent. */
  readonly region: string | null;
}

/** The MCAP metadata record that the buffer writes into every segment. */
export const SEGMENT_METADATA = "camfence.segment";

/**
 * Opens a sealed segment, giving each authentic piece of the MCAP inside to `take`, and says what it states of itself.
 * Resolves only when the seal is whole to its end and the MCAP inside is too. Throws CamfenceError `wrong-key`,
 * `tampered`, `cut-off` or `malformed`, or what `take` throws; pieces that were given by then are of no worth.
 */
export async function openSegment(
  sealed: AsyncIterable<Uint8Array>,
  identity: string,
  take: (piece: Uint8Array) => void | Promise<void>,
): Promise<SealedIdentity> {
  const reader = new McapStreamReader({ includeChunks: true, noMagicPrefix: false });
  let found: SealedIdentity | null = null;
  for await (const piece of openAge(sealed, identity)) {
    await take(piece);
    for (const record of recordsOf(reader, piece)) found = onlyOne(found, identityOf(record));
  }
  if (!reader.done()) throw new CamfenceError("malformed", "the MCAP inside the segment has no end");
  if (found === null)
    throw new CamfenceError("malformed", `the MCAP inside has no metadata record ${SEGMENT_METADATA}`);
  return found;
}

function* recordsOf(reader: McapStreamReader, piece: Uint8Array): Generator<McapTypes.TypedMcapRecord> {
  try {
    reader.append(piece);
    for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) yield record;
  } catch (cause) {
    throw new CamfenceError("malformed", `inside the segment is no MCAP: ${messageOf(cause)}`, { cause });
  }
}

/** A second statement must not undo the first. */
function onlyOne(found: SealedIdentity | null, next: SealedIdentity | null): SealedIdentity | null {
  if (found === null || next === null) return next ?? found;
  if (found.id === next.id && found.region === next.region) return found;
  throw new CamfenceError("malformed", "the segment states two ids or regions");
}

function identityOf(record: McapTypes.TypedMcapRecord): SealedIdentity | null {
  if (record.type !== "Metadata" || record.name !== SEGMENT_METADATA) return null;
  const region = record.metadata.get("region") ?? "";
  return { id: record.metadata.get("id") ?? "", region: region === "" ? null : region };
}
