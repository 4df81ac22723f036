import { seededRandom } from "../../core/random.ts";
import { agree } from "./self-test.ts";
import type { Kernels } from "./kernels.ts";
import { typescriptKernels } from "./typescript.ts";
import { wasmKernels } from "./wasm.ts";

/**
 * The fastest kernels that work here: WebAssembly with SIMD when it was built, this machine runs it, and it gives the
 * same numbers as TypeScript in a test of about a millisecond; else TypeScript.
 */
export function selectKernels(): Kernels {
  const plain = typescriptKernels();
  if (binary === null) return plain;
  try {
    const fast = wasmKernels(binary);
    return agree(fast, plain, seededRandom(1)) ? fast : plain;
  } catch {
    // No WebAssembly here, or none with SIMD.
    return plain;
  }
}

// Made by `npm run build:kernels`; a checkout where that has not run yet works all the same.
const binary = await import("./kernels-wasm.js").then(
  (module) => module.default,
  () => null,
);
