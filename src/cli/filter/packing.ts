import type { Compression } from "../../sources/mcap/decompress.ts";
import type { Pack } from "./output-chunk.ts";
import type { OutputMcap } from "./output-mcap.ts";

/** Sets how the output is packed, told how the input is. */
export type Packing = (input: Compression, output: OutputMcap) => void;

/** Fast, and a tenth larger than the level that recorders take. */
const ZSTD_LEVEL = 1;

/**
 * `like-input`: zstd where the input has it, otherwise nothing: images do not get smaller, and there is no LZ4 packer
 * here.
 */
export async function packingOf(how: "like-input" | "none" | "zstd"): Promise<Packing> {
  if (how === "none") return () => {};
  const { default: zstd } = await import("@foxglove/wasm-zstd");
  await zstd.isLoaded;
  const pack: Pack = { name: "zstd", pack: (records) => zstd.compress(records, ZSTD_LEVEL) };
  return (input, output) => {
    output.pack = how === "zstd" || input === "zstd" ? pack : null;
  };
}
