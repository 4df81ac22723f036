export function putU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

export function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** A whole number below 2^53 as 64 bits. */
export function putU64(bytes: Uint8Array, at: number, value: number): void {
  putU32(bytes, at, value);
  putU32(bytes, at + 4, Math.floor(value / 0x1_0000_0000));
}

/** seconds × 10^9 + nanos as 64 bits, without the price of a bigint: in halves that stay below 2^53. */
export function putNanoseconds(bytes: Uint8Array, at: number, seconds: number, nanos: number): void {
  const highSeconds = Math.floor(seconds / 0x1_0000);
  const low = (seconds - highSeconds * 0x1_0000) * 1e9 + nanos; // below 2^46
  const middle = highSeconds * 1e9 + Math.floor(low / 0x1_0000); // in units of 2^16
  putU16(bytes, at, low % 0x1_0000);
  putU32(bytes, at + 2, middle % 0x1_0000_0000);
  putU16(bytes, at + 6, Math.floor(middle / 0x1_0000_0000));
}

/** A protobuf varint of a whole number below 2^53; returns the end. */
export function putVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128;
  bytes[at] = rest;
  return at + 1;
}
