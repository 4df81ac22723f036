import { createCipheriv } from "node:crypto";
import { AT, CHECKSUM_BYTES } from "./layout.ts";

/** Known to all: whoever wants to make a file can. Who made one is what its signature says. */
const KEY = Buffer.from("camfence zoneset", "latin1");
const NONCE = Buffer.alloc(12);

/**
 * GMAC (NIST SP 800-38D) of a file in pieces, 16 bytes: a polynomial over GF(2^128), in which a damaged file of 1 GB
 * keeps its value with a chance of under 2^-100. It takes a fifth of the time of SHA-256 (measured). The first piece
 * holds the header; the checksum that stands there counts as zeros.
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
  let isFirst = true;
  return {
    add(piece) {
      for (const part of isFirst ? withoutChecksum(piece) : [piece]) cipher.setAAD(part);
      isFirst = false;
    },
    value() {
      cipher.final();
      return cipher.getAuthTag();
    },
  };
}

function withoutChecksum(piece: Uint8Array): readonly Uint8Array[] {
  const [before, after] = [piece.subarray(0, AT.checksum), piece.subarray(AT.checksum + CHECKSUM_BYTES)];
  return [before, new Uint8Array(CHECKSUM_BYTES), after];
}
