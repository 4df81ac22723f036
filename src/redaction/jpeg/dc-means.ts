import { CamfenceError } from "../../core/errors.ts";
import type { CellGrid, CellMeans } from "../cell-grid.ts";
import { buildAcSkipper } from "./ac-skip.ts";
import type { AcSkipper } from "./ac-skip.ts";
import { readDcTerms } from "./dc-scan.ts";
import type { OnDc, ScanComponent } from "./dc-scan.ts";
import { createScratch, unstuff } from "./entropy-bytes.ts";
import { buildHuffmanCode } from "./huffman.ts";
import type { HuffmanCode } from "./huffman.ts";
import type { JpegScan, JpegStructure } from "./jpeg-structure.ts";
import { readHuffmanSpecs, readQuantTables, readRestartInterval } from "./jpeg-tables.ts";
import type { HuffmanSpec } from "./jpeg-tables.ts";
import { mcuGeometry } from "./mcu-geometry.ts";
import type { McuGeometry } from "./mcu-geometry.ts";
import { STANDARD_TABLES } from "./standard-tables.ts";

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
export function createDcReader(): DcReader {
  const codes = cached(buildHuffmanCode);
  const skippers = cached(buildAcSkipper);
  const scratch = createScratch();
  return (data, structure, scan, grid) => {
    const geometry = mcuGeometry(structure.frame);
    const components = scanComponents(data, structure, scan, geometry, codes, skippers);
    const means = emptyMeans(grid, components.length);
    const onDc = adder(means, grid, geometry, dcSteps(data, structure));
    const interval = readRestartInterval(data, structure.segments);
    try {
      const entropy = unstuff(data, scan.dataStart, scan.dataEnd, scratch);
      readDcTerms(entropy, components, geometry, interval, onDc);
    } finally {
      scratch.clear();
    }
    return means;
  };
}

function emptyMeans(grid: CellGrid, channels: number): CellMeans {
  const cells = grid.columns * grid.rows * channels;
  return { sums: new Float64Array(cells), counts: new Float64Array(cells) };
}

/** Adds 8 × (mean of the block), level shift included, to the block's cell, and 8 to its count. */
function adder(
  { sums, counts }: CellMeans,
  grid: CellGrid,
  { mcuPx }: McuGeometry,
  steps: readonly number[],
): OnDc {
  const mcusAcross = grid.cellWidthPx / mcuPx.widthPx;
  const mcusDown = grid.cellHeightPx / mcuPx.heightPx;
  const cells = grid.columns * grid.rows;
  const columnOf = Uint16Array.from({ length: grid.columns * mcusAcross }, (_, mcu) =>
    Math.floor(mcu / mcusAcross),
  );
  return (component, mcuColumn, mcuRow, dc) => {
    const row = Math.floor(mcuRow / mcusDown);
    const i = component * cells + row * grid.columns + (columnOf[mcuColumn] ?? 0);
    sums[i] = (sums[i] ?? 0) + dc * (steps[component] ?? 0) + 8 * 128;
    counts[i] = (counts[i] ?? 0) + 8;
  };
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
): ScanComponent[] {
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
    if (known.size >= 64) known.clear();
    known.set(key, built);
    return built;
  };
}
