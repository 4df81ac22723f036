// AssemblyScript, compiled to WebAssembly with SIMD by `npm run build:kernels`. Memory is laid out by ../wasm.ts.
export { dcSums } from "./dc-sums";
export { unstuff } from "./unstuff";
export { spanSums } from "./span-sums";
