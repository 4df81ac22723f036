import { CamfenceError } from "../../core/errors.ts";
import { parseFrameHeader, parseScanHeader } from "./jpeg-headers.ts";
import type { JpegFrameHeader, JpegScanHeader } from "./jpeg-headers.ts";
import { checkTables, readRestartInterval } from "./jpeg-tables.ts";
import {
  APP0,
  APP14,
  APP15,
  APP2,
  COM,
  DHT,
  DQT,
  DRI,
  EOI,
  RST0,
  RST7,
  SOF0,
  SOF15,
  SOI,
  SOS,
} from "./markers.ts";

/** How the components' values are colours. */
export type JpegColour = "gray" | "ycbcr" | "rgb";

/** One marker segment: `data[start]` is its 0xFF, its payload is [payload, end). */
export interface JpegSegment {
  readonly marker: number;
  readonly start: number;
  readonly payload: number;
  readonly end: number;
}

/** One scan: its header segment, and where its entropy-coded bytes are. */
export interface JpegScan extends JpegScanHeader {
  readonly dataStart: number;
  readonly dataEnd: number;
}

/** What the markers of one JPEG say. `segments` has all but SOI, EOI and restart markers, in order. */
export interface JpegStructure {
  readonly frame: JpegFrameHeader;
  readonly segments: readonly JpegSegment[];
  readonly scans: readonly JpegScan[];
  /** First byte after EOI; with `until: "scan"` the first entropy-coded byte. */
  readonly end: number;
}

// Far more than any camera writes (a profile of 16 MB is 255 segments, a progressive file 10 scans), and few enough that a
// hostile file costs neither memory nor a decoder's time.
const MOST_SEGMENTS = 1024;
const MOST_SCANS = 64;

/**
 * Reads the markers of one JPEG strictly: every byte from SOI to EOI belongs to a segment, a scan or the fill before a
 * marker. `until: "scan"` stops at the first entropy-coded byte. Throws CamfenceError `malformed` or `unsupported`.
 */
export function parseJpeg(data: Uint8Array, until: "scan" | "end"): JpegStructure {
  if (data[0] !== 0xff || data[1] !== SOI) throw malformed("does not begin with an SOI marker", 0);
  const segments: JpegSegment[] = [];
  const scans: JpegScan[] = [];
  let frame: JpegFrameHeader | null = null;
  for (let at = 2; ;) {
    const start = skipFill(data, at);
    const marker = data[start + 1] ?? 0;
    if (marker === EOI) {
      if (frame === null || scans.length === 0) throw malformed("ends before any scan", start);
      checkTail(data, segments, start + 2);
      return { frame, segments, scans, end: start + 2 };
    }
    const segment = segmentAt(data, start, marker);
    segments.push(segment);
    at = segment.end;
    if (segments.length > MOST_SEGMENTS || scans.length > MOST_SCANS)
      throw malformed("has too many parts", start);
    if (isFrameMarker(marker)) {
      if (frame !== null) throw malformed("has a second frame header", start);
      frame = parseFrameHeader(data, segment);
    } else if (marker === SOS) {
      if (frame === null) throw malformed("has a scan before the frame header", start);
      const header = parseScanHeader(data, segment, frame);
      if (until === "scan") return { frame, segments, scans, end: at };
      at = endOfScan(data, segment.end, readRestartInterval(data, segments) > 0);
      scans.push({ ...header, dataStart: segment.end, dataEnd: at });
    }
  }
}

function malformed(what: string, at: number): CamfenceError {
  return new CamfenceError("malformed", `JPEG ${what} (byte ${at})`);
}

/** The 0xFF directly before the next marker's code. */
function skipFill(data: Uint8Array, at: number): number {
  if (at >= data.length) throw malformed("is cut off: no EOI marker", at);
  if (data[at] !== 0xff) throw malformed("has bytes that belong to no segment", at);
  let start = at;
  while (data[start + 1] === 0xff) start++;
  if (start + 1 >= data.length) throw malformed("is cut off: no EOI marker", at);
  return start;
}

function segmentAt(data: Uint8Array, start: number, marker: number): JpegSegment {
  const known =
    isFrameMarker(marker) ||
    [DHT, DQT, DRI, SOS, COM].includes(marker) ||
    (marker >= APP0 && marker <= APP15);
  if (!known) {
    const code = marker.toString(16).padStart(2, "0");
    throw malformed(`has the marker 0xff${code}, which no camera's JPEG has here`, start);
  }
  const length = ((data[start + 2] ?? 0) << 8) | (data[start + 3] ?? 0);
  const end = start + 2 + length;
  if (length < 2) throw malformed("has a segment shorter than its own length field", start);
  if (end > data.length) throw malformed("is cut off inside a segment", start);
  const segment = { marker, start, payload: start + 4, end };
  checkTables(data, segment);
  return segment;
}

/** C0 to CF but DHT (C4), JPG (C8) and DAC (CC), which say other things. */
function isFrameMarker(marker: number): boolean {
  return marker === SOF0 || (marker > SOF0 && marker <= SOF15 && (marker & 3) !== 0);
}

/** Entropy-coded bytes run to the next 0xFF that is neither stuffed nor the restart marker whose turn it is. */
function endOfScan(data: Uint8Array, start: number, restarts: boolean): number {
  let nextRestart = RST0;
  for (let at = data.indexOf(0xff, start); at !== -1; at = data.indexOf(0xff, at)) {
    const next = data[at + 1];
    if (next === undefined) break;
    if (next === 0xff) at += 1;
    else if (next === 0) at += 2;
    else if (restarts && next === nextRestart) {
      nextRestart = next === RST7 ? RST0 : next + 1;
      at += 2;
    } else return at;
  }
  throw malformed("is cut off inside a scan", start);
}

/** An application segment's name: "JFIF", "Exif", "MPF", "Adobe", …; empty when it has none. */
export function appName(data: Uint8Array, segment: JpegSegment): string {
  let name = "";
  for (let at = segment.payload; at < segment.end && name.length < 16; at++) {
    const code = data[at] ?? 0;
    if (code < 0x20 || code > 0x7e) break;
    name += String.fromCharCode(code);
  }
  return name;
}

/** The transform flag of an Adobe APP14 segment: 0 none (RGB), 1 YCbCr, 2 YCCK; null when there is no such segment. */
export function adobeTransform(data: Uint8Array, segments: readonly JpegSegment[]): number | null {
  const segment = segments.find(
    (s) => s.marker === APP14 && s.end - s.payload >= 12 && isNamed(data, s, "Adobe"),
  );
  return segment === undefined ? null : (data[segment.payload + 11] ?? 0);
}

export function isNamed(data: Uint8Array, segment: JpegSegment, name: string): boolean {
  return appName(data, segment).startsWith(name);
}

/**
 * How the components are colours, as libjpeg decides: JFIF means YCbCr, else Adobe's flag counts, else the ids "R", "G", "B"
 * mean RGB, else YCbCr.
 */
export function colourOf(data: Uint8Array, { frame, segments }: JpegStructure): JpegColour {
  if (frame.components.length === 1) return "gray";
  if (segments.some((s) => s.marker === APP0 && isNamed(data, s, "JFIF"))) return "ycbcr";
  const transform = adobeTransform(data, segments);
  if (transform !== null) return transform === 0 ? "rgb" : "ycbcr";
  return String.fromCharCode(...frame.components.map((c) => c.id)) === "RGB" ? "rgb" : "ycbcr";
}

/** Trailing bytes are only left out; of two pictures nobody says which one was judged. */
function checkTail(data: Uint8Array, segments: readonly JpegSegment[], end: number): void {
  const followed = data[end] === 0xff && data[end + 1] === SOI && data[end + 2] === 0xff;
  // An index of CIPA DC-007 says that the first one is the picture and what follows belongs to it.
  const isIndexed = segments.some((segment) => segment.marker === APP2 && isNamed(data, segment, "MPF"));
  if (followed && !isIndexed) throw malformed("is followed by another picture", end);
}
