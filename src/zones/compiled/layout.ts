/*
 * A compiled set is one file: the arrays of a zone set as they stand in memory, so that it loads by one read.
 *
 * bytes    content
 * 0–15     magic
 * 16–19    version
 * 20–23    byte order mark, as this machine writes numbers
 * 24–31    length of the whole file
 * 32–47    checksum over the whole file, these 16 bytes taken as 0
 * 48–79    SHA-256 of the zone files: what the set is called in records
 * 80–95    issued and expires, milliseconds since the Unix epoch
 * 96–103   number of sections
 * 104–     where each section begins and how many bytes it has
 * then     the sections, each at a multiple of 64 bytes
 *
 * What a power cut leaves of a file that is being written is a temporary file beside it.
 */
export const MAGIC = Buffer.from("camfence zoneset", "latin1");

/** Whether a file claims to be a compiled set, by its first bytes. */
export function isCompiled(head: Uint8Array): boolean {
  return MAGIC.equals(head.subarray(0, MAGIC.length));
}
export const VERSION = 3;
export const BYTE_ORDER = 0x01020304;

export const AT = {
  version: 16,
  byteOrder: 20,
  fileBytes: 24,
  checksum: 32,
  hash: 48,
  issuedMs: 80,
  expiresMs: 88,
  sections: 96,
  table: 104,
} as const;

export const CHECKSUM_BYTES = 16;
export const HASH_BYTES = 32;
/** An offset and a length. */
export const ENTRY_BYTES = 8 + 8;
/** A cache line; and any typed array may begin there. */
export const ALIGNMENT = 64;

/** `fs.read` takes no more at once. */
export const MAX_FILE_BYTES = 2 ** 31 - 1;

/** All arrays of a compiled set, in the order of the table. */
export type Section = Uint8Array | Int32Array | Float64Array;

export function alignedUp(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
