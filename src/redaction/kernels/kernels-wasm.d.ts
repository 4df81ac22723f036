/** The WebAssembly module that `npm run build:kernels` makes of assembly/. */
// oxlint-disable import/no-default-export -- so does esbuild export a binary
declare const binary: Uint8Array<ArrayBuffer>;
export { binary as default };
