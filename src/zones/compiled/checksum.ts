import { createCipheriv } from "node:crypto";
import { AT, CHECKSUM_BYTES } from "./layout.ts";

/** Known to all: whoever wants to make a file can. Who made one is what its signature says. */
const KEY = Buffer.from("camfence zoneset", "latin1");
const NONCE = Buffer.alloc(12);

/**
 * GMAC (NIST SP 800-38D) of bytes in pieces, 16 bytes: a polynomial over GF(2^128), in which a damaged file of 1 GB
 * keeps its value with a chance of under 2^-100. It takes a fifth of the time of SHA-256 (measured).
 */
export function checksumOf(pieces: readonly Uint8Array[]): Buffer {
  const sum = startChecksum();
  for (const piece of pieces) sum.add(piece);
  return sum.value();
}

/** The same, piece by piece as they come. */
export interface Checksum {
  add(piece: Uint8Array): void;
  /** Once, at the end. */
  value(): Buffer;
}

export function startChecksum(): Checksum {
  const cipher = createCipheriv("aes-128-gcm", KEY, NONCE);
  return {
    add: (piece) => void cipher.setAAD(piece),
    value() {
      cipher.final();
      return cipher.getAuthTag();
    },
  };
}

/** Adds the first piece of a file, which holds its header: the checksum itself counts as zeros. */
export function addFirst(sum: Checksum, piece: Uint8Array): void {
  sum.add(piece.subarray(0, AT.checksum));
  sum.add(new Uint8Array(CHECKSUM_BYTES));
  sum.add(piece.subarray(AT.checksum + CHECKSUM_BYTES));
}
