import type { Kernels } from "./kernels.ts";
import { createWasmDcSums, DC_END } from "./wasm-dc-sums.ts";
import { loadModule } from "./wasm-module.ts";

// Work of both kinds begins behind the tables of the DC terms. A part of a picture that stays in the second-level cache
// from the copying to the summing; one row may be larger.
const BAND = DC_END;
const BAND_BYTES = 256 * 1024;
const MAX_ROW_BYTES = 65_536 * 4 + 64;
const COLUMN_SUMS = BAND + BAND_BYTES + MAX_ROW_BYTES;
const SPAN_SUMS = COLUMN_SUMS + 4 * MAX_ROW_BYTES;

/** Throws where WebAssembly or its SIMD is missing. */
export function wasmKernels(binary: Uint8Array<ArrayBuffer>): Kernels {
  const module = loadModule(binary);
  let usedBytes = 0;
  return {
    name: "wasm-simd",
    spanSums(data, { offsetBytes, strideBytes, rowBytes, rows }, { bandRows, spanBytes, period }, out) {
      module.reserve(SPAN_SUMS + out.byteLength);
      const bytes = new Uint8Array(module.buffer());
      const sums = new Float64Array(module.buffer(), SPAN_SUMS, out.length);
      sums.set(out);
      const bandSumsBytes = 8 * period * Math.ceil(rowBytes / spanBytes);
      const rowsAtOnce = Math.max(1, Math.min(bandRows, Math.floor(BAND_BYTES / strideBytes)));
      for (let row = 0; row < rows;) {
        const band = Math.floor(row / bandRows);
        const count = Math.min(rowsAtOnce, (band + 1) * bandRows - row, rows - row);
        const start = offsetBytes + row * strideBytes;
        const bytesAtOnce = (count - 1) * strideBytes + rowBytes;
        bytes.set(data.subarray(start, start + bytesAtOnce), BAND);
        usedBytes = Math.max(usedBytes, bytesAtOnce);
        const bandSums = SPAN_SUMS + band * bandSumsBytes;
        module.kernel.spanSums(BAND, strideBytes, rowBytes, count, spanBytes, period, COLUMN_SUMS, bandSums);
        row += count;
      }
      out.set(sums);
      sums.fill(0);
    },
    dcSums: createWasmDcSums(module),
    clear() {
      new Uint8Array(module.buffer(), BAND, usedBytes).fill(0);
      usedBytes = 0;
    },
  };
}
