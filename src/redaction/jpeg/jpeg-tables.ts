import { CamfenceError } from "../../core/errors.ts";
import type { JpegSegment } from "./jpeg-structure.ts";
import { DHT, DQT, DRI } from "./markers.ts";

/** Throws unless a table segment is filled by its tables to the last byte. Other segments are not looked at. */
export function checkTables(data: Uint8Array, segment: JpegSegment): void {
  const { marker, start, payload, end } = segment;
  if (marker === DRI && end - payload !== 2) throw malformed("restart interval", start);
  if (marker !== DQT && marker !== DHT) return;
  let at = payload;
  while (at < end)
    at += marker === DQT ? quantTableBytes(data, at, start) : huffmanTableBytes(data, at, start);
  if (at !== end || payload === end)
    throw malformed(marker === DQT ? "quantisation table" : "Huffman table", start);
}

/** A quantisation table's 64 values in zigzag order; the one that was defined last counts. */
export function readQuantTables(
  data: Uint8Array,
  segments: readonly JpegSegment[],
): readonly (Uint16Array | undefined)[] {
  const tables: Uint16Array[] = [];
  for (const { start, payload, end } of segments.filter((s) => s.marker === DQT)) {
    for (let at = payload; at < end; at += quantTableBytes(data, at, start)) {
      const head = data[at] ?? 0;
      const wide = head >> 4 === 1;
      tables[head & 15] = Uint16Array.from({ length: 64 }, (_, i) =>
        wide ? ((data[at + 1 + 2 * i] ?? 0) << 8) | (data[at + 2 + 2 * i] ?? 0) : (data[at + 1 + i] ?? 0),
      );
    }
  }
  return tables;
}

/** A Huffman table as DHT gives it: 16 counts of codes by length, then the symbols. */
export interface HuffmanSpec {
  readonly kind: "dc" | "ac";
  readonly slot: number;
  /** The bytes of the table in the file, class and slot included. */
  readonly bytes: Uint8Array;
}

/** All Huffman tables in the order in which they are defined. */
export function readHuffmanSpecs(data: Uint8Array, segments: readonly JpegSegment[]): HuffmanSpec[] {
  const specs: HuffmanSpec[] = [];
  for (const { start, payload, end } of segments.filter((s) => s.marker === DHT)) {
    let at = payload;
    while (at < end) {
      const next = at + huffmanTableBytes(data, at, start);
      const head = data[at] ?? 0;
      specs.push({ kind: head >> 4 === 1 ? "ac" : "dc", slot: head & 15, bytes: data.subarray(at, next) });
      at = next;
    }
  }
  return specs;
}

/** MCUs between restart markers; 0 when there are none. */
export function readRestartInterval(data: Uint8Array, segments: readonly JpegSegment[]): number {
  const segment = segments.findLast((s) => s.marker === DRI);
  return segment === undefined ? 0 : ((data[segment.payload] ?? 0) << 8) | (data[segment.payload + 1] ?? 0);
}

function quantTableBytes(data: Uint8Array, at: number, start: number): number {
  const head = data[at] ?? 0;
  if (head >> 4 > 1 || (head & 15) > 3) throw malformed("quantisation table", start);
  return 1 + 64 * (head >> 4 === 1 ? 2 : 1);
}

function huffmanTableBytes(data: Uint8Array, at: number, start: number): number {
  const head = data[at] ?? 0;
  if (head >> 4 > 1 || (head & 15) > 3) throw malformed("Huffman table", start);
  let symbols = 0;
  for (let i = 1; i <= 16; i++) symbols += data[at + i] ?? 0;
  if (symbols > 256) throw malformed("Huffman table", start);
  return 1 + 16 + symbols;
}

function malformed(what: string, at: number): CamfenceError {
  return new CamfenceError("malformed", `JPEG ${what} has a wrong length or head (byte ${at})`);
}
