import { seededRandom } from "../../core/random.ts";
import { agree } from "./self-test.ts";
import type { Kernels } from "./kernels.ts";
import { typescriptKernels } from "./typescript.ts";
import { wasmKernels } from "./wasm.ts";

/**
 * The fastest kernels that work here: WebAssembly with SIMD when it was built, this machine runs it, and it gives the
 * same numbers as TypeScript in a self-test; else TypeScript. The test takes some milliseconds, once in a process.
 */
export function selectKernels(): Kernels {
  tested ??= testedBinary();
  return tested === "none" ? typescriptKernels() : wasmKernels(tested);
}

let tested: Uint8Array<ArrayBuffer> | "none" | undefined;

function testedBinary(): Uint8Array<ArrayBuffer> | "none" {
  if (binary === null) return "none";
  try {
    return agree(wasmKernels(binary), typescriptKernels(), seededRandom(1)) ? binary : "none";
  } catch {
    // No WebAssembly here, or none with SIMD.
    return "none";
  }
}

// Made by `npm run build:kernels`; a checkout where that has not run yet works all the same.
const binary = await import("./kernels-wasm.js").then(
  (module) => module.default,
  () => null,
);
