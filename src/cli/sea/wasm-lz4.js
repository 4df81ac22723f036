/* oxlint-disable no-underscore-dangle, import/no-default-export -- the names are those of the package */
// In place of the package's own index in a single file: its module looks for its code in a file beside.
import factory from "../../../node_modules/@foxglove/wasm-lz4/dist/wasm-lz4.js";
import wasmBinary from "../../../node_modules/@foxglove/wasm-lz4/dist/wasm-lz4.wasm";
import { inMemory } from "./wasm-memory.js";

let module;
let context;

export default function decompress(bytes, sizeBytes) {
  context ??= module._createDecompressionContext();
  return inMemory(module, bytes, sizeBytes, (...places) => module._decompressFrame(context, ...places));
}

decompress.isLoaded = factory({ wasmBinary }).then((loaded) => (module = loaded));
