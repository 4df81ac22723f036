import type { Kernels } from "./kernels.ts";

/** Runs everywhere. */
export function typescriptKernels(): Kernels {
  let sums = new Uint32Array(0);
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
  };
}
