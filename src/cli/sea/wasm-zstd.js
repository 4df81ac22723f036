/* oxlint-disable no-underscore-dangle, import/no-default-export -- the names are those of the package */
// In place of the package's own index in a single file: its module looks for its code in a file beside.
import factory from "../../../node_modules/@foxglove/wasm-zstd/dist/wasm-zstd.js";
import wasmBinary from "../../../node_modules/@foxglove/wasm-zstd/dist/wasm-zstd.wasm";
import { inMemory } from "./wasm-memory.js";

let module;

export default {
  isLoaded: factory({ wasmBinary }).then((loaded) => (module = loaded)),
  decompress: (bytes, sizeBytes) => inMemory(module, bytes, sizeBytes, module._decompress),
  compress: (bytes, level) =>
    inMemory(module, bytes, module._compressBound(bytes.length), (...places) =>
      module._compress(...places, level),
    ),
};
