import { CamfenceError } from "../../core/errors.ts";
import type { CellGrid, CellMeans } from "../cell-grid.ts";
import type { DcComponent, DcScan, Kernels } from "../kernels/kernels.ts";
import { buildAcSkipper } from "./ac-skip.ts";
import type { AcSkipper } from "./ac-skip.ts";
import { buildHuffmanCode } from "./huffman.ts";
import type { HuffmanCode } from "./huffman.ts";
import type { JpegScan, JpegStructure } from "./jpeg-structure.ts";
import { readHuffmanSpecs, readQuantTables, readRestartInterval } from "./jpeg-tables.ts";
import type { HuffmanSpec } from "./jpeg-tables.ts";
import { mcuGeometry } from "./mcu-geometry.ts";
import type { McuGeometry } from "./mcu-geometry.ts";
import { STANDARD_TABLES } from "./standard-tables.ts";

// Far more than any camera's, and few enough for bit positions to be 32-bit numbers.
const MAX_SCAN_BYTES = 64 * 1024 * 1024;

/** Reads cell means from a sequential JPEG whose one scan holds all components. */
export type DcReader = (
  data: Uint8Array,
  structure: JpegStructure,
  scan: JpegScan,
  grid: CellGrid,
) => CellMeans;

/** The scan that `createDcReader` can read; null: progressive, or one scan a component. */
export function wholeScan({ frame, scans }: JpegStructure): JpegScan | null {
  const [scan] = scans;
  const isWhole = frame.coding === "sequential" && scans.length === 1 && scan?.whole === true;
  const inOrder = scan?.components.every((component, i) => component.index === i) === true;
  return isWhole && inOrder && scan.components.length === frame.components.length ? scan : null;
}

/**
 * A reader that keeps its tables and memory from file to file. Eight times a block's mean is its DC term (T.81 A.3.3), so
 * no block is transformed. A block that the picture's edge cuts counts as a whole, with what the encoder filled it up
 * with. Throws CamfenceError `malformed` for a scan that does not decode to its last bit.
 */
export function createDcReader(kernels: Kernels): DcReader {
  const codes = cached(buildHuffmanCode);
  const skippers = cached(buildAcSkipper);
  return (data, structure, scan, grid) => {
    const geometry = mcuGeometry(structure.frame);
    const components = scanComponents(data, structure, scan, geometry, codes, skippers);
    const job = jobOf(grid, geometry, readRestartInterval(data, structure.segments));
    const sums = new Float64Array(grid.columns * grid.rows * components.length);
    const sizeBytes = scan.dataEnd - scan.dataStart;
    if (sizeBytes > MAX_SCAN_BYTES) throw new CamfenceError("too-large", `JPEG scan has ${sizeBytes} bytes`);
    const outcome = kernels.dcSums(data, scan.dataStart, scan.dataEnd, { ...job, components }, sums);
    if (outcome !== "read") throw new CamfenceError("malformed", `JPEG scan: ${outcome}`);
    return toMeans(sums, grid, geometry, dcSteps(data, structure));
  };
}

type Job = Omit<DcScan, "components">;

function jobOf(grid: CellGrid, { mcuPx, mcuColumns, mcuRows }: McuGeometry, restartInterval: number): Job {
  const mcus = mcuColumns * mcuRows;
  const interval = restartInterval === 0 ? mcus : restartInterval;
  return {
    interval,
    intervals: Math.ceil(mcus / interval),
    mcuColumns,
    mcuRows,
    mcusAcross: grid.cellWidthPx / mcuPx.widthPx,
    mcusDown: grid.cellHeightPx / mcuPx.heightPx,
    gridColumns: grid.columns,
    gridRows: grid.rows,
  };
}

/** Sums of quantised DC terms to sums of samples: 8 × (mean of the block), level shift included, counts 8. */
function toMeans(
  dcs: Float64Array,
  grid: CellGrid,
  geometry: McuGeometry,
  steps: readonly number[],
): CellMeans {
  const cells = grid.columns * grid.rows;
  const counts = new Float64Array(dcs.length);
  const sums = dcs.map((dc, i) => {
    const component = Math.floor(i / cells);
    const row = Math.floor((i - component * cells) / grid.columns);
    const blocks = blocksIn(grid, geometry, component, row, i % grid.columns);
    counts[i] = 8 * blocks;
    return dc * (steps[component] ?? 0) + 8 * 128 * blocks;
  });
  return { sums, counts };
}

/** Blocks of a component that lie in a cell and hold any of the picture. */
function blocksIn(
  grid: CellGrid,
  { mcuPx, components }: McuGeometry,
  c: number,
  row: number,
  column: number,
): number {
  const { h = 1, v = 1, blockColumns = 0, blockRows = 0 } = components[c] ?? {};
  const across = (grid.cellWidthPx / mcuPx.widthPx) * h;
  const down = (grid.cellHeightPx / mcuPx.heightPx) * v;
  return (
    (Math.min((column + 1) * across, blockColumns) - column * across) *
    (Math.min((row + 1) * down, blockRows) - row * down)
  );
}

/** The quantisation step of each component's DC term. */
function dcSteps(data: Uint8Array, { frame, segments }: JpegStructure): number[] {
  const tables = readQuantTables(data, segments);
  return frame.components.map(({ quantTable }) => {
    const step = tables[quantTable]?.[0];
    if (step === undefined)
      throw new CamfenceError("malformed", `JPEG lacks quantisation table ${quantTable}`);
    return step;
  });
}

function scanComponents(
  data: Uint8Array,
  { segments }: JpegStructure,
  scan: JpegScan,
  geometry: McuGeometry,
  codes: (spec: HuffmanSpec) => HuffmanCode,
  skippers: (spec: HuffmanSpec) => AcSkipper,
): DcComponent[] {
  // Cameras that send motion JPEG leave the standard tables out (AVI1, RFC 2435).
  const specs = [...STANDARD_TABLES, ...readHuffmanSpecs(data, segments)];
  const specOf = (kind: "dc" | "ac", slot: number): HuffmanSpec => {
    const spec = specs.findLast((s) => s.kind === kind && s.slot === slot);
    if (spec === undefined) throw new CamfenceError("malformed", `JPEG lacks Huffman table ${kind} ${slot}`);
    return spec;
  };
  return geometry.components.map((component, i) => ({
    ...component,
    dc: codes(specOf("dc", scan.components[i]?.dcTable ?? 0)),
    ac: skippers(specOf("ac", scan.components[i]?.acTable ?? 0)),
  }));
}

/** A camera's tables are the same in every frame; a hostile stream of new ones costs time but no memory. */
function cached<T>(build: (spec: HuffmanSpec) => T): (spec: HuffmanSpec) => T {
  const known = new Map<string, T>();
  return (spec) => {
    const key = String.fromCharCode(...spec.bytes);
    const built = known.get(key) ?? build(spec);
    if (known.size >= 32) known.clear();
    known.set(key, built);
    return built;
  };
}
