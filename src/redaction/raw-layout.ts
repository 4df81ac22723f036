import type { Frame, FrameFormat } from "../sources/frame.ts";

/** Formats whose pixels lie in `data` as they are. */
export type RawFormat = Exclude<FrameFormat, "jpeg" | "h264" | "h265">;

/** One plane of interleaved samples. `pattern` says for each byte of a group which channel it belongs to. */
export interface Plane {
  readonly offsetBytes: number;
  readonly strideBytes: number;
  readonly rowBytes: number;
  readonly rows: number;
  /** Channel of each byte of a group, or `OPAQUE` for alpha, which is never taken from the original. */
  readonly pattern: readonly number[];
  /** Pixels of the picture that one group covers across, and one row covers down. */
  readonly groupWidthPx: number;
  readonly rowHeightPx: number;
}

/** Where the bytes of a raw picture are. */
export interface RawLayout {
  readonly planes: readonly Plane[];
  readonly channels: number;
  /** Which channel is brightness; the others are colour. */
  readonly lumaChannel: number;
  /** The whole picture with the padding of its last row. */
  readonly sizeBytes: number;
  /** The least that holds every sample: without the padding of the last row. */
  readonly leastBytes: number;
  /** True when there are bytes between rows that hold no sample. */
  readonly padded: boolean;
}

export const OPAQUE = -1;

type Shape = Pick<Frame, "width" | "height" | "strideBytes">;

/**
 * The layout of a raw frame by its format, size and stride; null when the stride is shorter than a row. The same object
 * for the same arguments, unless very many others came between.
 */
export function rawLayout(format: RawFormat, frame: Shape): RawLayout | null {
  const strideBytes = frame.strideBytes ?? 0;
  const size = frame.width * 65_536 + frame.height;
  const known = layouts[format];
  const found = known.get(size);
  if (found?.strideBytes === strideBytes) return found.layout;
  const layout = makeLayout(format, frame);
  if (known.size >= MOST_SIZES) known.clear();
  known.set(size, { strideBytes, layout });
  return layout;
}

// Cameras have few sizes; a stream of ever new ones costs time but no memory.
const MOST_SIZES = 64;

type Known = Map<number, { readonly strideBytes: number; readonly layout: RawLayout | null }>;

const layouts: Readonly<Record<RawFormat, Known>> = {
  gray8: new Map(),
  nv12: new Map(),
  i420: new Map(),
  yuyv: new Map(),
  rgb24: new Map(),
  bgr24: new Map(),
  rgba: new Map(),
};

function makeLayout(format: RawFormat, frame: Shape): RawLayout | null {
  const { channels, lumaChannel, planes: specs } = SPECS[format];
  const planes: Plane[] = [];
  let offsetBytes = 0;
  for (const spec of specs) {
    const plane = planeOf(spec, frame, specs[0], offsetBytes);
    if (plane.strideBytes < plane.rowBytes) return null;
    planes.push(plane);
    offsetBytes += plane.strideBytes * plane.rows;
  }
  const last = planes.at(-1);
  const lastPaddingBytes = last === undefined ? 0 : last.strideBytes - last.rowBytes;
  const leastBytes = offsetBytes - lastPaddingBytes;
  const padded = planes.some((plane) => plane.strideBytes > plane.rowBytes);
  return { planes, channels, lumaChannel, sizeBytes: offsetBytes, leastBytes, padded };
}

/** True for the formats that `rawLayout` knows. */
export function isRaw(format: FrameFormat): format is RawFormat {
  return format in SPECS;
}

interface PlaneSpec {
  readonly pattern: readonly number[];
  readonly groupWidthPx: number;
  readonly rowHeightPx: number;
}
interface FormatSpec {
  readonly channels: number;
  readonly lumaChannel: number;
  readonly planes: readonly [PlaneSpec, ...PlaneSpec[]];
}

function planeOf(spec: PlaneSpec, shape: Shape, first: PlaneSpec, offsetBytes: number): Plane {
  const rowBytes = Math.ceil(shape.width / spec.groupWidthPx) * spec.pattern.length;
  // A stride is stated for the first plane; the others' follow from how many bytes they have for each of its.
  const ratio = spec.pattern.length / spec.groupWidthPx / (first.pattern.length / first.groupWidthPx);
  const stated = shape.strideBytes;
  const strideBytes = stated === undefined ? rowBytes : ratio === 1 ? stated : Math.ceil(stated * ratio);
  const evenBytes = Math.ceil(strideBytes / spec.pattern.length) * spec.pattern.length;
  return {
    ...spec,
    offsetBytes,
    rowBytes,
    strideBytes: spec === first ? strideBytes : evenBytes,
    rows: Math.ceil(shape.height / spec.rowHeightPx),
  };
}

const LUMA: PlaneSpec = { pattern: [0], groupWidthPx: 1, rowHeightPx: 1 };
const chroma = (...pattern: number[]): PlaneSpec => ({ pattern, groupWidthPx: 2, rowHeightPx: 2 });
const packed = (pattern: readonly number[], groupWidthPx = 1): [PlaneSpec] => [
  { pattern, groupWidthPx, rowHeightPx: 1 },
];

const SPECS: Readonly<Record<RawFormat, FormatSpec>> = {
  gray8: { channels: 1, lumaChannel: 0, planes: [LUMA] },
  nv12: { channels: 3, lumaChannel: 0, planes: [LUMA, chroma(1, 2)] },
  i420: { channels: 3, lumaChannel: 0, planes: [LUMA, chroma(1), chroma(2)] },
  yuyv: { channels: 3, lumaChannel: 0, planes: packed([0, 1, 0, 2], 2) },
  rgb24: { channels: 3, lumaChannel: 1, planes: packed([0, 1, 2]) },
  bgr24: { channels: 3, lumaChannel: 1, planes: packed([0, 1, 2]) },
  rgba: { channels: 3, lumaChannel: 1, planes: packed([0, 1, 2, OPAQUE]) },
};
