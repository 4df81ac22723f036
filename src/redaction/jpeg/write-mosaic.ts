import type { Bytes } from "../bytes.ts";
import { BitWriter } from "../bit-writer.ts";
import type { CellValues } from "../cell-grid.ts";
import type { JpegFrameHeader } from "./jpeg-headers.ts";
import type { JpegColour } from "./jpeg-structure.ts";
import { DHT, DQT, DRI, EOI, RST0, SOF0, SOI, SOS } from "./markers.ts";
import { mcuGeometry } from "./mcu-geometry.ts";
import type { McuGeometry } from "./mcu-geometry.ts";
import { ADOBE, JFIF } from "./strip-jpeg.ts";

/** Of a flat block only the DC term is not zero: 8 × (value − 128) / step. A step of 8 makes it value − 128, exactly. */
const DC_STEP = 8;
// Codes for the DC categories 0 to 8: '0', then seven of 4 bits and one of 5; and for the AC terms nothing but "end of
// block", '0'. So a block like the one before it, which is nearly every block, is two zero bits.
const SAME_BLOCK_BITS = 2;
const DC_LENGTHS = [1, 0, 0, 7, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const DC_CODES = [0b0, 0b1000, 0b1001, 0b1010, 0b1011, 0b1100, 0b1101, 0b1110, 0b1_1110];
const DC_CODE_BITS = [1, 4, 4, 4, 4, 4, 4, 4, 5];
const AC_LENGTHS = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/**
 * A baseline JPEG of flat cells: the size, sampling and number of components of `frame`, and nothing else of it. Every
 * MCU row ends in a restart marker, so that the rows of one cell are the same bytes and are coded once.
 */
export function writeMosaicJpeg(frame: JpegFrameHeader, colour: JpegColour, values: CellValues): Bytes {
  const geometry = mcuGeometry(frame);
  const rows = Array.from({ length: values.grid.rows }, (_, row) => codeMcuRow(geometry, values, row));
  const head = headerBytes(frame, colour, geometry);
  const mcuRowsPerCell = values.grid.cellHeightPx / geometry.mcuPx.heightPx;
  const rowOf = (mcuRow: number): Bytes => rows[Math.floor(mcuRow / mcuRowsPerCell)] ?? new Uint8Array(0);
  let sizeBytes = head.length;
  for (let row = 0; row < geometry.mcuRows; row++) sizeBytes += rowOf(row).length + 2; /* RST or EOI */
  const out = new Uint8Array(sizeBytes);
  out.set(head);
  let at = head.length;
  for (let row = 0; row < geometry.mcuRows; row++) {
    out.set(rowOf(row), at);
    at += rowOf(row).length;
    out[at++] = 0xff;
    out[at++] = row === geometry.mcuRows - 1 ? EOI : RST0 + (row & 7);
  }
  return out;
}

function codeMcuRow({ mcuPx, mcuColumns, components }: McuGeometry, values: CellValues, row: number): Bytes {
  const { grid, bytes } = values;
  const cells = grid.columns * grid.rows;
  const mcusPerCell = grid.cellWidthPx / mcuPx.widthPx;
  const blocks = components.map(({ h, v }) => h * v);
  const mcuBits = blocks.reduce((sum, count) => sum + count, 0) * SAME_BLOCK_BITS;
  const bits = new BitWriter();
  const previous = new Int16Array(blocks.length);
  for (let column = 0; column < grid.columns; column++) {
    // Only a cell's first MCU differs from the one before it, and of that only the first block of each component.
    for (let c = 0; c < blocks.length; c++) {
      const dc = (bytes[c * cells + row * grid.columns + column] ?? 0) - 128;
      codeDifference(bits, dc - (previous[c] ?? 0));
      previous[c] = dc;
      bits.putZeros(((blocks[c] ?? 1) - 1) * SAME_BLOCK_BITS);
    }
    const mcus = Math.min(mcusPerCell, mcuColumns - column * mcusPerCell);
    bits.putZeros((mcus - 1) * mcuBits);
  }
  // The standard wants ones before a marker.
  return stuff(bits.finish(1));
}

/** T.81 F.1.2.1: the category of a difference, then its low bits (less one when negative); then end of block. */
function codeDifference(bits: BitWriter, difference: number): void {
  const category = 32 - Math.clz32(Math.abs(difference));
  bits.put(DC_CODES[category] ?? 0, DC_CODE_BITS[category] ?? 0);
  if (category > 0)
    bits.put((difference < 0 ? difference - 1 : difference) & ((1 << category) - 1), category);
  bits.put(0, 1);
}

/** Bytes of a scan: a zero follows each 0xFF (T.81 B.1.1.5). */
function stuff(bytes: Bytes): Bytes {
  return bytes.includes(0xff)
    ? Uint8Array.from([...bytes].flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte])))
    : bytes;
}

function headerBytes(frame: JpegFrameHeader, colour: JpegColour, geometry: McuGeometry): Bytes {
  const { widthPx, heightPx } = frame;
  const { mcuColumns, components } = geometry;
  const sampling = components.map(({ h, v }) => (h << 4) | v);
  return Uint8Array.of(
    0xff,
    SOI,
    ...(colour === "rgb" ? [...ADOBE, 0] : JFIF),
    ...segment(DQT, 0, ...Array.from({ length: 64 }, () => DC_STEP)),
    ...segment(
      SOF0,
      8,
      ...u16(heightPx),
      ...u16(widthPx),
      components.length,
      ...sampling.flatMap((s, i) => [i + 1, s, 0]),
    ),
    ...segment(DHT, 0x00, ...DC_LENGTHS, 0, 1, 2, 3, 4, 5, 6, 7, 8),
    ...segment(DHT, 0x10, ...AC_LENGTHS, 0),
    ...segment(DRI, ...u16(mcuColumns)),
    ...segment(SOS, components.length, ...sampling.flatMap((_, i) => [i + 1, 0]), 0, 63, 0),
  );
}

function segment(marker: number, ...payload: number[]): number[] {
  return [0xff, marker, ...u16(2 + payload.length), ...payload];
}

function u16(value: number): number[] {
  return [value >> 8, value & 0xff];
}
