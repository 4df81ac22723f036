import type { Random } from "../../core/random.ts";
import { buildAcSkipper } from "../jpeg/ac-skip.ts";
import { buildHuffmanCode } from "../jpeg/huffman.ts";
import { STANDARD_TABLES } from "../jpeg/standard-tables.ts";
import type { DcComponent, DcScan, Kernels } from "./kernels.ts";

// Few and small: a vehicle that starts waits for them. The tests have thousands.
const PICTURES = 4;
const SCANS = 8;
const SCAN_BYTES = 400;

/** True when both give the same sums for pictures of odd sizes, and the same sums and outcomes for random scans. */
export function agree(a: Kernels, b: Kernels, random: Random): boolean {
  const pictures = Array.from({ length: PICTURES }, () => sameSpanSums(a, b, random));
  const tables = standardTables();
  const scans = Array.from({ length: SCANS }, () => sameDcSums(a, b, random, scanOf(tables, random)));
  a.clear();
  b.clear();
  return [...pictures, ...scans].every(Boolean);
}

function sameSpanSums(a: Kernels, b: Kernels, random: Random): boolean {
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  const period = upTo(4);
  const cells = { bandRows: upTo(200), spanBytes: period * 4 * upTo(25), period };
  const rowBytes = period * upTo(70);
  const rows = { offsetBytes: 3, strideBytes: rowBytes + upTo(20), rowBytes, rows: upTo(100) };
  const data = Uint8Array.from(
    { length: 3 + rows.strideBytes * rows.rows },
    () => 256 * Math.max(random(), random()),
  );
  const [sums, others] = [a, b].map((kernels) => {
    const spans = Math.ceil(rowBytes / cells.spanBytes) * Math.ceil(rows.rows / cells.bandRows);
    const out = new Float64Array(spans * period).fill(1);
    kernels.spanSums(data, rows, cells, out);
    return out.join();
  });
  return sums === others;
}

/** Random bits are codes of the standard tables for a while; many zeros make blocks that are long. */
function sameDcSums(a: Kernels, b: Kernels, random: Random, scan: DcScan): boolean {
  const data = Uint8Array.from(scanBytes(random, scan.intervals));
  const [sums, others] = [a, b].map((kernels) => {
    const cellSums = new Float64Array(scan.gridColumns * scan.gridRows * scan.components.length);
    const outcome = kernels.dcSums(data, 0, data.length - 1, scan, cellSums);
    return outcome === "read" ? cellSums.join() : outcome;
  });
  return sums === others;
}

/** Some 0xFF with their stuffing or fill, and as many restart markers as the scan wants, or one more. */
function scanBytes(random: Random, intervals: number): number[] {
  const parts = Array.from({ length: intervals + Math.floor(random() * 1.2) }, (_, i) => {
    const bytes = Array.from({ length: Math.floor(random() * SCAN_BYTES) }, () => 255 * random() * random());
    const ends = random() < 0.1 ? [0xff] : [];
    return [...bytes.flatMap((byte) => (byte < 0.4 ? [0xff, 0] : [byte])), ...ends, 0xff, 0xd0 + (i % 8)];
  });
  return parts.flat().slice(0, -1);
}

function standardTables(): Pick<DcComponent, "dc" | "ac"> {
  const [dc, , ac] = STANDARD_TABLES;
  if (dc === undefined || ac === undefined) throw new TypeError("there are no standard tables");
  return { dc: buildHuffmanCode(dc), ac: buildAcSkipper(ac) };
}

function scanOf(tables: Pick<DcComponent, "dc" | "ac">, random: Random): DcScan {
  const sampling = 1 + Math.floor(random() * 2);
  const [mcuColumns, mcuRows] = [1 + Math.floor(random() * 9), 1 + Math.floor(random() * 5)];
  const [mcusAcross, mcusDown] = [1 + Math.floor(random() * 4), 1 + Math.floor(random() * 3)];
  const [gridColumns, gridRows] = [Math.ceil(mcuColumns / mcusAcross), Math.ceil(mcuRows / mcusDown)];
  const blocks = { blockColumns: mcuColumns * sampling - sampling + 1, blockRows: mcuRows * sampling };
  const luma = { ...tables, ...blocks, h: sampling, v: sampling };
  const chroma = { ...tables, h: 1, v: 1, blockColumns: mcuColumns, blockRows: mcuRows };
  const interval = 1 + Math.floor(random() * mcuColumns * mcuRows * 2);
  const intervals = Math.ceil((mcuColumns * mcuRows) / interval);
  const size = { interval, intervals, mcuColumns, mcuRows, mcusAcross, mcusDown, gridColumns, gridRows };
  return { ...size, components: [luma, chroma, chroma] };
}
