/* oxlint-disable no-underscore-dangle -- the names are those of the package */
/** What `work(dest, destBytes, src, srcBytes)` of an Emscripten module makes of bytes, on copies in its memory. */
export function inMemory(module, bytes, destBytes, work) {
  const [src, dest] = [module._malloc(bytes.length), module._malloc(destBytes)];
  try {
    if (src === 0 || dest === 0) throw new Error("no memory for it");
    module.HEAPU8.set(bytes, src);
    const sizeBytes = work(dest, destBytes, src, bytes.length);
    if (sizeBytes < 0) throw new Error("it cannot be unpacked");
    return Buffer.from(module.HEAPU8.subarray(dest, dest + sizeBytes));
  } finally {
    module._free(src);
    module._free(dest);
  }
}
