import { createHash } from "node:crypto";
import { CATEGORIES } from "../zone.ts";
import { ROW } from "./area-table.ts";
import { checksumOf } from "./checksum.ts";
import { AT, HASH_BYTES } from "./layout.ts";

const OTHER = CATEGORIES.indexOf("other");

/**
 * A good compiled file without the categories of its zones; names are not in it anyway. View distances and shapes stay to
 * the bit, so that every verdict stays as it was. The set is called otherwise then, after what it was called before.
 */
export function stripCompiled(bytes: Uint8Array): Uint8Array {
  const stripped = Uint8Array.from(bytes);
  if (!withoutCategories(stripped)) return stripped;
  const hash = createHash("sha256")
    .update("stripped\n")
    .update(bytes.subarray(AT.hash, AT.hash + HASH_BYTES));
  stripped.set(hash.digest(), AT.hash);
  stripped.set(checksumOf([stripped]), AT.checksum);
  return stripped;
}

/** The rows of zones are the first section. Answers whether there was any category. */
function withoutCategories({ buffer }: Uint8Array): boolean {
  const header = new DataView(buffer);
  const [offset, byteLength] = [header.getFloat64(AT.table, true), header.getFloat64(AT.table + 8, true)];
  const rows = new Float64Array(buffer, offset, byteLength / Float64Array.BYTES_PER_ELEMENT);
  let isChanged = false;
  for (let r = ROW.category; r < rows.length; r += ROW.size) {
    isChanged ||= rows[r] !== OTHER;
    rows[r] = OTHER;
  }
  return isChanged;
}
