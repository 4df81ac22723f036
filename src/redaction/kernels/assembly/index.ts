// AssemblyScript, compiled to WebAssembly with SIMD by `npm run build:kernels`. Memory is laid out by ../wasm.ts.
export { columnSums } from "./column-sums";
export { dcSums } from "./dc-sums";
