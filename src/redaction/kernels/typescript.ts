import { dcSums } from "./dc-sums.ts";
import { SCAN_PADDING_BYTES } from "./kernels.ts";
import type { Kernels } from "./kernels.ts";

/** Runs everywhere. */
export function typescriptKernels(): Kernels {
  let sums = new Uint32Array(0);
  let scan = new Uint8Array(0);
  return {
    name: "typescript",
    columnSums(data, offset, stride, rowBytes, rows) {
      if (sums.length < rowBytes) sums = new Uint32Array(rowBytes);
      sums.fill(0, 0, rowBytes);
      for (let row = 0; row < rows; row++) {
        const start = offset + row * stride;
        for (let x = 0; x < rowBytes; x++) sums[x] = (sums[x] ?? 0) + (data[start + x] ?? 0);
      }
      return sums;
    },
    clear: () => void scan.fill(0),
    scanMemory(sizeBytes) {
      const neededBytes = sizeBytes + SCAN_PADDING_BYTES;
      if (scan.length < neededBytes) scan = new Uint8Array(neededBytes);
      scan.fill(0);
      return scan;
    },
    dcSums: (job, cellSums) => dcSums(scan, job, cellSums),
  };
}
