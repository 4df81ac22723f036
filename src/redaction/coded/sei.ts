import type { NalUnit, VideoFormat } from "./nal-units.ts";

// Buffering period, picture timing, recovery point, and for H.265 active parameter sets and the picture's hash
// (H.264 annex D.1, H.265 annex D.2.1). User data (4, 5) and everything unknown is not on the list.
const PLAIN_TYPES: Readonly<Record<VideoFormat, readonly number[]>> = {
  h264: [0, 1, 6],
  h265: [0, 1, 6, 129, 132],
};

/** True when every message of an SEI NAL unit is about timing and buffering; false as soon as one cannot be read. */
export function isPlainSei(data: Uint8Array, unit: NalUnit, format: VideoFormat): boolean {
  const payload = unescape(data.subarray(unit.start + (format === "h264" ? 1 : 2), unit.end));
  let at = 0;
  while (at < payload.length - 1 /* stop bit */) {
    const type = readFfCoded(payload, at);
    const size = readFfCoded(payload, type.end);
    at = size.end + size.value;
    if (!PLAIN_TYPES[format].includes(type.value)) return false;
  }
  return payload[at] === 0x80 && at === payload.length - 1;
}

/** A number as bytes of 255 and a last one below. */
function readFfCoded(payload: Uint8Array, from: number): { value: number; end: number } {
  let value = 0;
  let at = from;
  for (; payload[at] === 0xff; at++) value += 255;
  return { value: value + (payload[at] ?? Number.POSITIVE_INFINITY), end: at + 1 };
}

/** The payload without emulation prevention: 00 00 03 stands for 00 00. */
function unescape(data: Uint8Array): Uint8Array {
  return data.filter((byte, i) => !(byte === 3 && i >= 2 && data[i - 1] === 0 && data[i - 2] === 0));
}
