import type { Bytes } from "./bytes.ts";

/** Bits from the left of each byte, as JPEG, H.264 and H.265 have them. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #held = 0;
  #heldBits = 0;

  /** The low `bits` bits of `value`, at most 16. */
  put(value: number, bits: number): void {
    this.#held = (this.#held << bits) | value;
    this.#heldBits += bits;
    while (this.#heldBits >= 8) {
      this.#heldBits -= 8;
      this.#bytes.push((this.#held >> this.#heldBits) & 0xff);
    }
    this.#held &= (1 << this.#heldBits) - 1;
  }

  putZeros(bits: number): void {
    for (let left = bits; left > 0; left -= 16) this.put(0, Math.min(16, left));
  }

  /** Fills the last byte with the given bit; gives all bytes. */
  finish(filling: 0 | 1): Bytes {
    const missing = (8 - this.#heldBits) % 8;
    this.put(filling === 1 ? (1 << missing) - 1 : 0, missing);
    return Uint8Array.from(this.#bytes);
  }
}
