import { CamfenceError } from "../../core/errors.ts";

const decoder = new TextDecoder();

/** Reads little-endian fields one after the other; every one throws CamfenceError `malformed` where the bytes end. */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  at: number;

  constructor(bytes: Uint8Array, at = 0, littleEndian = true) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#littleEndian = littleEndian;
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.#view.getUint8(this.#step(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#step(2), this.#littleEndian);
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4), this.#littleEndian);
  }

  i32(): number {
    return this.#view.getInt32(this.#step(4), this.#littleEndian);
  }

  /** A 64-bit whole number: exact up to 2^53, and far above any bound from there on. */
  u64(): number {
    const at = this.#step(8);
    const [first, second] = [
      this.#view.getUint32(at, this.#littleEndian),
      this.#view.getUint32(at + 4, this.#littleEndian),
    ];
    return this.#littleEndian ? second * 0x1_0000_0000 + first : first * 0x1_0000_0000 + second;
  }

  u64Exact(): bigint {
    return this.#view.getBigUint64(this.#step(8), this.#littleEndian);
  }

  /** The next `count` bytes, not copied. */
  take(count: number): Uint8Array {
    const start = this.#step(count);
    return this.bytes.subarray(start, start + count);
  }

  /** A text with its length before it. */
  text(): string {
    return decoder.decode(this.take(this.u32()));
  }

  #step(count: number): number {
    const start = this.at;
    if (!(count <= this.left)) {
      throw new CamfenceError("malformed", `got ${this.left} bytes, expected ${count} more at byte ${start}`);
    }
    this.at += count;
    return start;
  }
}
