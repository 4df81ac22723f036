import { CamfenceError } from "../../core/errors.ts";
import { Cursor } from "./cursor.ts";
import { HEAD_BYTES } from "./records.ts";

export interface Schema {
  readonly id: number;
  readonly name: string;
  readonly encoding: string;
  readonly data: Uint8Array;
}

export interface Channel {
  readonly id: number;
  readonly topic: string;
  readonly messageEncoding: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** null: its messages have none. */
  readonly schema: Schema | null;
}

/** What a file has declared so far: schemas and channels, each with its record. */
export interface Declarations {
  /** True when the schema is new. Throws CamfenceError `malformed` for a damaged or a contradictory one. */
  addSchema(record: Uint8Array): boolean;
  /** The channel when it is new, null when it is known. Throws CamfenceError `malformed`, as above. */
  addChannel(record: Uint8Array): Channel | null;
  /** undefined for one that was not declared, or was declared twice in different words. */
  channel(id: number): Channel | undefined;
}

/** Ids are 16 bits; what they describe may be large: a real recording's schemas are under a megabyte together. */
const MAX_DECLARED_BYTES = 64 * 1024 * 1024;

export function createDeclarations(): Declarations {
  const schemas = new Map<number, Declared<Schema>>();
  const channels = new Map<number, Declared<Channel>>();
  let sizeBytes = 0;

  function remember<T>(known: Map<number, Declared<T>>, id: number, words: string, value: T): void {
    sizeBytes += words.length;
    if (sizeBytes > MAX_DECLARED_BYTES) {
      throw new CamfenceError("too-large", `schemas and channels take more than ${MAX_DECLARED_BYTES} bytes`);
    }
    known.set(id, { words, value });
  }

  return {
    addSchema(record) {
      const schema = parseSchema(record);
      const words = JSON.stringify([
        schema.name,
        schema.encoding,
        Buffer.from(schema.data).toString("latin1"),
      ]);
      if (isKnown(schemas, schema.id, words, "schema")) return false;
      remember(schemas, schema.id, words, schema);
      return true;
    },
    addChannel(record) {
      const { schemaId, ...described } = parseChannel(record);
      const { topic, messageEncoding, metadata } = described;
      const words = JSON.stringify([
        schemaId,
        topic,
        messageEncoding,
        [...metadata].map((entry) => JSON.stringify(entry)).toSorted(byCodeUnits),
      ]);
      if (isKnown(channels, described.id, words, "channel")) return null;
      const schema = schemaId === 0 ? null : schemas.get(schemaId)?.value;
      if (schema === undefined || (schema === null && schemaId !== 0)) {
        throw malformed(`channel ${described.topic} names schema ${schemaId}, which is missing`);
      }
      const channel = { ...described, schema };
      remember(channels, channel.id, words, channel);
      return channel;
    },
    channel(id) {
      const channel = channels.get(id)?.value ?? undefined;
      const schemaId = channel?.schema?.id;
      return schemaId === undefined || schemas.get(schemaId)?.value !== null ? channel : undefined;
    },
  };
}

interface Declared<T> {
  /** All that it says; records may have other bytes after that. */
  readonly words: string;
  /** null: declared twice in different words, so that nobody knows what its messages are. */
  readonly value: T | null;
}

function isKnown<T>(known: Map<number, Declared<T>>, id: number, words: string, what: string): boolean {
  const before = known.get(id);
  if (before === undefined) return false;
  if (before.words === words) return true;
  // Rule 2: whatever it calls itself next may be a cover.
  known.set(id, { ...before, value: null });
  throw malformed(`${what} ${id} is declared twice, in different words`);
}

function parseSchema(record: Uint8Array): Schema {
  const cursor = new Cursor(record, HEAD_BYTES);
  const id = cursor.u16();
  if (id === 0) throw malformed("a schema has id 0, which means that there is none");
  const [name, encoding] = [cursor.text(), cursor.text()];
  return { id, name, encoding, data: new Uint8Array(cursor.take(cursor.u32())) };
}

function parseChannel(record: Uint8Array): Omit<Channel, "schema"> & { readonly schemaId: number } {
  const cursor = new Cursor(record, HEAD_BYTES);
  const [id, schemaId, topic, messageEncoding] = [cursor.u16(), cursor.u16(), cursor.text(), cursor.text()];
  const entries = new Cursor(cursor.take(cursor.u32()));
  const metadata = new Map<string, string>();
  while (entries.left > 0) metadata.set(entries.text(), entries.text());
  return { id, schemaId, topic, messageEncoding, metadata };
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function malformed(message: string): CamfenceError {
  return new CamfenceError("malformed", message);
}
