import type { Bytes } from "./bytes.ts";

/** Bits from the left of each byte, as JPEG, H.264 and H.265 have them. */
export class BitWriter {
  #bytes = new Uint8Array(1024);
  #size = 0;
  #held = 0;
  #heldBits = 0;

  /** The low `bits` bits of `value`, at most 16. */
  put(value: number, bits: number): void {
    this.#reserve(3);
    this.#held = (this.#held << bits) | value;
    this.#heldBits += bits;
    while (this.#heldBits >= 8) {
      this.#heldBits -= 8;
      this.#bytes[this.#size++] = this.#held >> this.#heldBits;
    }
    this.#held &= (1 << this.#heldBits) - 1;
  }

  putZeros(bits: number): void {
    const first = Math.min(bits, 8 - this.#heldBits);
    this.put(0, first);
    // The memory is zero already.
    const wholeBytes = (bits - first) >> 3;
    this.#reserve(wholeBytes);
    this.#size += wholeBytes;
    this.put(0, (bits - first) & 7);
  }

  /** Fills the last byte with the given bit; gives all bytes. */
  finish(filling: 0 | 1): Bytes {
    const missing = (8 - this.#heldBits) % 8;
    this.put(filling === 1 ? (1 << missing) - 1 : 0, missing);
    return this.#bytes.slice(0, this.#size);
  }

  #reserve(moreBytes: number): void {
    if (this.#size + moreBytes <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * (this.#size + moreBytes));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
