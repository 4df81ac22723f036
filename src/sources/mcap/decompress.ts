import { CamfenceError, messageOf } from "../../core/errors.ts";

/** How the records of a chunk are packed, by the names that MCAP registers. */
export type Compression = "" | "lz4" | "zstd";

type Unpack = (packed: Uint8Array, sizeBytes: number) => Uint8Array;

/** Loaded when the first chunk needs one. */
const LOADERS: Readonly<Record<Compression, () => Promise<Unpack>>> = {
  "": async () => (bytes) => bytes,
  async lz4() {
    const { default: lz4 } = await import("@foxglove/wasm-lz4");
    await lz4.isLoaded;
    return lz4;
  },
  async zstd() {
    const { default: zstd } = await import("@foxglove/wasm-zstd");
    await zstd.isLoaded;
    return zstd.decompress;
  },
};

const loaded = new Map<Compression, Unpack>();

export function isCompression(name: string): name is Compression {
  return Object.hasOwn(LOADERS, name);
}

/**
 * The unpacked bytes, of exactly `sizeBytes`, which the caller has bounded. Throws CamfenceError `malformed` for bytes that do
 * not unpack to that.
 */
export async function decompress(
  compression: Compression,
  packed: Uint8Array,
  sizeBytes: number,
): Promise<Uint8Array> {
  const unpack = loaded.get(compression) ?? (await LOADERS[compression]());
  loaded.set(compression, unpack);
  const bytes = attempt(() => unpack(packed, sizeBytes), compression);
  if (bytes.length === sizeBytes) return bytes;
  throw new CamfenceError(
    "malformed",
    `got ${bytes.length} bytes of ${compression || "records"}, expected ${sizeBytes}`,
  );
}

function attempt(unpack: () => Uint8Array, compression: Compression): Uint8Array {
  try {
    return unpack();
  } catch (cause) {
    throw new CamfenceError("malformed", `its ${compression} data is damaged: ${messageOf(cause)}`, {
      cause,
    });
  }
}
