import type { Random } from "../../core/random.ts";
import { buildAcSkipper } from "../jpeg/ac-skip.ts";
import { buildHuffmanCode } from "../jpeg/huffman.ts";
import { STANDARD_TABLES } from "../jpeg/standard-tables.ts";
import type { DcScan, Kernels } from "./kernels.ts";

const PICTURES = 8;
const SCANS = 16;
const SCAN_BYTES = 600;

/** True when both give the same sums for pictures of odd sizes, and the same sums and outcomes for random scans. */
export function agree(a: Kernels, b: Kernels, random: Random): boolean {
  const pictures = Array.from({ length: PICTURES }, () => sameColumnSums(a, b, random));
  const scans = Array.from({ length: SCANS }, (_, i) => sameDcSums(a, b, random, i));
  a.clear();
  b.clear();
  return [...pictures, ...scans].every(Boolean);
}

function sameColumnSums(a: Kernels, b: Kernels, random: Random): boolean {
  const rowBytes = 1 + Math.floor(random() * 200);
  const rows = 1 + Math.floor(random() * 300);
  const stride = rowBytes + Math.floor(random() * 20);
  const data = Uint8Array.from({ length: 3 + stride * rows }, () => 256 * Math.max(random(), random()));
  const sums = a.columnSums(data, 3, stride, rowBytes, rows).slice(0, rowBytes);
  const others = b.columnSums(data, 3, stride, rowBytes, rows);
  return sums.every((sum, x) => sum === others[x]);
}

/** Random bits are codes of the standard tables for a while; many zeros make blocks that are long. */
function sameDcSums(a: Kernels, b: Kernels, random: Random, i: number): boolean {
  const data = Uint8Array.from({ length: SCAN_BYTES }, () => 256 * random() * (i % 2 === 0 ? 1 : random()));
  const scan = scanOf(1 + Math.floor(random() * 12), 1 + (i % 3));
  const [sums, others] = [a, b].map((kernels) => {
    kernels.scanMemory(SCAN_BYTES).set(data);
    const cellSums = new Float64Array(scan.gridColumns * scan.gridRows * scan.components.length);
    const outcome = kernels.dcSums(scan, cellSums);
    return outcome === "read" ? cellSums.join() : outcome;
  });
  return sums === others;
}

function scanOf(mcuRows: number, sampling: number): DcScan {
  const [dcSpec, , acSpec] = STANDARD_TABLES;
  if (dcSpec === undefined || acSpec === undefined) throw new TypeError("no standard tables");
  const tables = { dc: buildHuffmanCode(dcSpec), ac: buildAcSkipper(acSpec) };
  const luma = {
    ...tables,
    h: sampling,
    v: sampling,
    blockColumns: 3 * sampling - 1,
    blockRows: mcuRows * sampling,
  };
  const chroma = { ...tables, h: 1, v: 1, blockColumns: 3, blockRows: mcuRows };
  const size = {
    mcuColumns: 3,
    mcuRows,
    mcusAcross: 2,
    mcusDown: 2,
    gridColumns: 2,
    gridRows: Math.ceil(mcuRows / 2),
  };
  return { ...size, ends: [SCAN_BYTES], interval: 3 * mcuRows, components: [luma, chroma, chroma] };
}
