import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { CamfenceError } from "../../core/errors.ts";

// magic and version, salt, then records: length (u32), sealed bytes, tag.
const MAGIC_BYTES = 8;
export const SALT_BYTES = 32;
export const SALT_AT = MAGIC_BYTES;
export const RECORDS_AT = MAGIC_BYTES + SALT_BYTES;
const LENGTH_BYTES = 4;
const TAG_BYTES = 16;
const CIPHER = "chacha20-poly1305";

/** The two kinds of files that are sealed with the device key. */
export const MAGIC = { sidecar: "CFSIDE1\n", journal: "CFJRNL1\n" } as const;
export type SealedKind = keyof typeof MAGIC;

/** Seals the records of one file, in order. */
export interface RecordSealer {
  /** The file's first bytes. */
  readonly head: Buffer;
  readonly seal: (record: Uint8Array) => Buffer;
}

/**
 * A file's key is made from the device key and a salt at its beginning: once the salt is overwritten nobody can read
 * the file, not even with the device key. Records are bound to the kind of file, the segment's id and their place.
 */
export function createRecordSealer(kind: SealedKind, id: string, deviceKey: Buffer): RecordSealer {
  const salt = randomBytes(SALT_BYTES);
  const key = keyOf(kind, salt, deviceKey);
  let count = 0;
  return {
    head: Buffer.concat([Buffer.from(MAGIC[kind]), salt]),
    seal(record) {
      const cipher = createCipheriv(CIPHER, key, nonceOf(count++), { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(id), { plaintextLength: record.length });
      const body = cipher.update(record);
      cipher.final();
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(body.length + TAG_BYTES);
      return Buffer.concat([length, body, cipher.getAuthTag()]);
    },
  };
}

/**
 * The records of a file up to its end, or to where it was cut off. Throws CamfenceError `malformed` for a file of
 * another kind or version, `tampered` for a first record that the device key does not open.
 */
export function openRecords(kind: SealedKind, id: string, deviceKey: Buffer, file: Buffer): Buffer[] {
  const magic = file.toString("latin1", 0, MAGIC_BYTES);
  if (magic !== MAGIC[kind]) {
    const shown = JSON.stringify(magic);
    throw new CamfenceError("malformed", `${kind} of ${id}: got ${shown}, expected version 1`);
  }
  const key = keyOf(kind, file.subarray(SALT_AT, RECORDS_AT), deviceKey);
  const records: Buffer[] = [];
  let at = RECORDS_AT;
  while (at + LENGTH_BYTES <= file.length) {
    const end = at + LENGTH_BYTES + file.readUInt32LE(at);
    if (end > file.length) break;
    const record = openRecord(key, id, records.length, file.subarray(at + LENGTH_BYTES, end));
    if (record === null && records.length === 0) {
      throw new CamfenceError("tampered", `${kind} of ${id} is changed, erased, or of another device key`);
    }
    if (record === null) break;
    records.push(record);
    at = end;
  }
  return records;
}

function openRecord(key: Buffer, id: string, count: number, sealed: Buffer): Buffer | null {
  const bodyBytes = sealed.length - TAG_BYTES;
  if (bodyBytes < 0) return null;
  const decipher = createDecipheriv(CIPHER, key, nonceOf(count), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(id), { plaintextLength: bodyBytes });
  decipher.setAuthTag(sealed.subarray(bodyBytes));
  const record = decipher.update(sealed.subarray(0, bodyBytes));
  try {
    decipher.final();
  } catch {
    return null; // not authentic: what that means depends on its place
  }
  return record;
}

function keyOf(kind: SealedKind, salt: Uint8Array, deviceKey: Buffer): Buffer {
  return Buffer.from(hkdfSync("sha256", deviceKey, salt, `camfence ${kind} v1`, 32));
}

function nonceOf(count: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntLE(count, 0, 6);
  return nonce;
}
