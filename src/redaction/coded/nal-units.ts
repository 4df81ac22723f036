import { CamfenceError } from "../../core/errors.ts";

export type VideoFormat = "h264" | "h265";

/** One NAL unit: [start, end) without its start code, `type` by the format's own table. */
export interface NalUnit {
  readonly type: number;
  /** 0 is the base picture; only H.265 says others here. */
  readonly layer: number;
  readonly start: number;
  readonly end: number;
}

// More than any level allows slices in a picture (600), and few enough to cost nothing.
const MOST_UNITS = 2048;

/**
 * Splits an access unit in Annex B form (H.264 and H.265, annex B.1). Zero bytes before start codes and after a NAL unit
 * belong to nothing. Throws CamfenceError `malformed` when there is no NAL unit, or anything else before the first.
 */
export function nalUnits(data: Uint8Array, format: VideoFormat): NalUnit[] {
  const units: NalUnit[] = [];
  let code = findStartCode(data, 0);
  if (code === -1 || !isZero(data, 0, code)) throw malformed("does not begin with a start code");
  while (code !== -1) {
    const start = code + 3;
    const next = findStartCode(data, start);
    units.push(nalUnit(data, format, start, next === -1 ? data.length : next));
    if (units.length > MOST_UNITS) throw malformed("has too many NAL units");
    code = next;
  }
  return units;
}

function nalUnit(data: Uint8Array, format: VideoFormat, start: number, limit: number): NalUnit {
  let end = limit;
  while (end > start && data[end - 1] === 0) end--;
  const header = data[start] ?? 0xff;
  const headerBytes = format === "h264" ? 1 : 2;
  // The first bit is forbidden_zero_bit in both.
  if (end - start < headerBytes || header > 127) throw malformed("has a NAL unit without a valid header");
  if (format === "h264") return { type: header & 31, layer: 0, start, end };
  const layer = ((header & 1) << 5) | ((data[start + 1] ?? 0) >> 3);
  return { type: (header >> 1) & 63, layer, start, end };
}

/** Where the next 00 00 01 begins, or -1. */
function findStartCode(data: Uint8Array, from: number): number {
  for (let one = data.indexOf(1, from + 2); one !== -1; one = data.indexOf(1, one + 1)) {
    if (data[one - 1] === 0 && data[one - 2] === 0) return one - 2;
  }
  return -1;
}

function isZero(data: Uint8Array, from: number, to: number): boolean {
  return data.subarray(from, to).every((byte) => byte === 0);
}

function malformed(what: string): CamfenceError {
  return new CamfenceError("malformed", `access unit ${what}`);
}
