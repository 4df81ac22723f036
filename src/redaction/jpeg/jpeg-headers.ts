import { CamfenceError } from "../../core/errors.ts";
import type { JpegSegment } from "./jpeg-structure.ts";
import { SOF0, SOF1, SOF2 } from "./markers.ts";

// T.81 B.2.3.
const MAX_MCU_BLOCKS = 10;

export interface JpegComponent {
  readonly id: number;
  /** Samples of this component across and down in one MCU, in blocks of 8. */
  readonly h: number;
  readonly v: number;
  readonly quantTable: number;
}

export interface JpegFrameHeader {
  readonly coding: "sequential" | "progressive";
  readonly widthPx: number;
  readonly heightPx: number;
  /** One (gray) or three. */
  readonly components: readonly JpegComponent[];
}

export interface JpegScanHeader {
  readonly components: readonly {
    readonly index: number;
    readonly dcTable: number;
    readonly acTable: number;
  }[];
  /** Spectral selection and successive approximation are those of a whole sequential scan. */
  readonly whole: boolean;
}

/** SOFn. Throws for arithmetic, lossless and hierarchical coding, 12 bits, CMYK, and sizes of zero. */
export function parseFrameHeader(
  data: Uint8Array,
  { marker, start, payload, end }: JpegSegment,
): JpegFrameHeader {
  if (marker !== SOF0 && marker !== SOF1 && marker !== SOF2) {
    throw unsupported(`coding 0xff${marker.toString(16)} (arithmetic, lossless or hierarchical)`, start);
  }
  const count = data[payload + 5] ?? 0;
  if (end - payload !== 6 /* precision, height, width, count */ + 3 * count) {
    throw malformed("frame header has a wrong length", start);
  }
  if (data[payload] !== 8) throw unsupported(`precision of ${data[payload]} bits`, start);
  if (count === 4) throw unsupported("CMYK (4 components)", start);
  if (count !== 1 && count !== 3) throw unsupported(`${count} components`, start);
  const heightPx = u16(data, payload + 1);
  const widthPx = u16(data, payload + 3);
  if (widthPx === 0 || heightPx === 0) throw malformed(`size is ${widthPx}×${heightPx}`, start);
  const components = Array.from({ length: count }, (_, i) => componentAt(data, payload + 6 + 3 * i, start));
  if (new Set(components.map((c) => c.id)).size !== count) throw malformed("component ids repeat", start);
  const coding = marker === SOF2 ? "progressive" : "sequential";
  return { coding, widthPx, heightPx, components };
}

/** SOS. Throws when it names components that the frame lacks, or more blocks an MCU than the standard allows. */
export function parseScanHeader(
  data: Uint8Array,
  segment: JpegSegment,
  frame: JpegFrameHeader,
): JpegScanHeader {
  const { start, payload, end } = segment;
  const count = data[payload] ?? 0;
  if (count < 1 || count > 4 || end - payload !== 1 + 2 * count + 3) {
    throw malformed("scan header has a wrong length", start);
  }
  const components = Array.from({ length: count }, (_, i) => {
    const id = data[payload + 1 + 2 * i];
    const tables = data[payload + 2 + 2 * i] ?? 0;
    const index = frame.components.findIndex((c) => c.id === id);
    if (index === -1 || tables >> 4 > 3 || (tables & 15) > 3)
      throw malformed("scan names what is not there", start);
    return { index, dcTable: tables >> 4, acTable: tables & 15 };
  });
  if (new Set(components.map((c) => c.index)).size !== count)
    throw malformed("scan repeats a component", start);
  const blocks = components.reduce((sum, { index }) => sum + blocksOf(frame.components[index]), 0);
  if (count > 1 && blocks > MAX_MCU_BLOCKS) throw malformed(`MCU has ${blocks} blocks`, start);
  const tail = payload + 1 + 2 * count;
  return { components, whole: data[tail] === 0 && data[tail + 1] === 63 && data[tail + 2] === 0 };
}

function blocksOf(component: JpegComponent | undefined): number {
  return component === undefined ? 0 : component.h * component.v;
}

function componentAt(data: Uint8Array, at: number, start: number): JpegComponent {
  const sampling = data[at + 1] ?? 0;
  const component = { id: data[at] ?? 0, h: sampling >> 4, v: sampling & 15, quantTable: data[at + 2] ?? 0 };
  const { h, v, quantTable } = component;
  if (h < 1 || h > 4 || v < 1 || v > 4) throw malformed(`sampling factor is ${h}×${v}`, start);
  if (quantTable > 3) throw malformed(`quantisation table ${quantTable} does not exist`, start);
  return component;
}

function u16(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
}

function malformed(what: string, at: number): CamfenceError {
  return new CamfenceError("malformed", `JPEG ${what} (byte ${at})`);
}

function unsupported(what: string, at: number): CamfenceError {
  return new CamfenceError("unsupported", `JPEG with ${what} is not taken (byte ${at})`);
}
