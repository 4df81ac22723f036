import type { Compression } from "../../sources/mcap/decompress.ts";
import type { Pack } from "./output-chunk.ts";
import type { OutputMcap } from "./output-mcap.ts";

/** Sets how the output is packed, told how the input is. */
export type Packing = (input: Compression, output: OutputMcap) => void | Promise<void>;

/** Fast, and a tenth larger than the level that recorders take. */
const ZSTD_LEVEL = 1;

/**
 * `like-input`: zstd where the input has it, otherwise nothing: images do not get smaller, and the LZ4 package only
 * unpacks.
 */
export function packingOf(how: "like-input" | "none" | "zstd"): Packing {
  return async (input, output) => {
    output.pack = how === "zstd" || (how === "like-input" && input === "zstd") ? await packer() : null;
  };
}

let loaded: Pack = null;

/** Loaded when the first chunk needs it. */
async function packer(): Promise<Pack> {
  if (loaded !== null) return loaded;
  const { default: zstd } = await import("@foxglove/wasm-zstd");
  await zstd.isLoaded;
  return (loaded = { name: "zstd", pack: (records) => zstd.compress(records, ZSTD_LEVEL) });
}
