import { createCipheriv } from "node:crypto";
import { CamfenceError } from "../../core/errors.ts";

// age v1 (C2SP age.md, "Payload"): STREAM in chunks of 64 KiB under ChaCha20-Poly1305; the nonce is an 11-byte
// counter and a byte that is 1 for the last chunk alone, which is empty only in an empty file.
export const CHUNK_BYTES = 64 * 1024;
export const TAG_BYTES = 16;
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

/** The nonce of chunk number `counter`. */
export function chunkNonce(counter: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(counter, 5, 6);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/**
 * Seals the payload of an age file piece by piece. Besides the file's true end it can make a possible one at any time,
 * which makes what was sealed so far a whole file; but never two ends under one nonce, which would give both away.
 */
export class AgeSealer {
  readonly #key: Buffer;
  readonly #rest = Buffer.alloc(CHUNK_BYTES);
  #out = Buffer.alloc(8 * SEALED_CHUNK_BYTES);
  #restBytes = 0;
  #counter = 0;
  #endedAt = -1;

  /** Takes the key over: `forget` zeroes it. */
  constructor(streamKey: Buffer) {
    this.#key = streamKey;
  }

  /** How many bytes of `append` are not yet part of a sealed chunk. */
  get restBytes(): number {
    return this.#restBytes;
  }

  /** Whether `endWith` may be called with so many bytes; if not, append as many as fill the chunk, and one more. */
  canEnd(moreBytes: number): boolean {
    return this.#endedAt !== this.#counter && this.#restBytes + moreBytes <= CHUNK_BYTES;
  }

  /**
   * Seals whole chunks, keeps the rest. The last chunk waits for more: it may turn out to be the end. What it returns is
   * valid until the next call: fresh memory for every call would cost as much as the cipher.
   */
  append(plain: Uint8Array): Buffer {
    const chunks = Math.max(0, Math.ceil((this.#restBytes + plain.length) / CHUNK_BYTES) - 1);
    const sealed = this.#room(chunks * SEALED_CHUNK_BYTES);
    let from = 0;
    for (let i = 0; i < chunks; i++) {
      const at = i * SEALED_CHUNK_BYTES;
      if (this.#restBytes === 0) {
        this.#sealInto(sealed, at, plain.subarray(from, from + CHUNK_BYTES), false);
        from += CHUNK_BYTES;
      } else {
        from += this.#keep(plain, from);
        this.#sealInto(sealed, at, this.#rest, false);
        this.#restBytes = 0;
      }
      this.#counter++;
    }
    this.#keep(plain, from);
    return sealed;
  }

  /** The last chunk, were the file to end here with `tail`; goes after all that `append` returned so far. */
  endWith(tail: Uint8Array): Buffer {
    if (!this.canEnd(tail.length)) {
      throw new CamfenceError("fault", `chunk ${this.#counter} cannot end with ${tail.length} bytes more`);
    }
    this.#endedAt = this.#counter;
    const plain = Buffer.concat([this.#rest.subarray(0, this.#restBytes), tail]);
    const sealed = Buffer.allocUnsafe(plain.length + TAG_BYTES);
    this.#sealInto(sealed, 0, plain, true);
    plain.fill(0);
    return sealed;
  }

  /** Zeroes the key and what waits: from now on nothing here can open the file. */
  forget(): void {
    this.#key.fill(0);
    this.#rest.fill(0);
    this.#restBytes = 0;
  }

  #room(bytes: number): Buffer {
    if (bytes > this.#out.length) this.#out = Buffer.alloc(2 * bytes);
    return this.#out.subarray(0, bytes);
  }

  #keep(plain: Uint8Array, from: number): number {
    const taken = Math.min(CHUNK_BYTES - this.#restBytes, plain.length - from);
    this.#rest.set(plain.subarray(from, from + taken), this.#restBytes);
    this.#restBytes += taken;
    return taken;
  }

  #sealInto(out: Buffer, at: number, plain: Uint8Array, last: boolean): void {
    const nonce = chunkNonce(this.#counter, last);
    const cipher = createCipheriv("chacha20-poly1305", this.#key, nonce, { authTagLength: TAG_BYTES });
    out.set(cipher.update(plain), at);
    cipher.final();
    out.set(cipher.getAuthTag(), at + plain.length);
  }
}
