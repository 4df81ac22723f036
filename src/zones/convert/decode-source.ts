import { decodeText } from "../read/decode-text.ts";

/**
 * The text of a source: UTF-8, or UTF-16 with a byte order mark, as some spreadsheets and GIS write it; null where it is
 * neither.
 */
export function decodeSource(bytes: Buffer): string | null {
  const mark = bytes.toString("latin1", 0, 2);
  if (mark === "\xff\xfe") return new TextDecoder("utf-16le").decode(bytes);
  return mark === "\xfe\xff" ? new TextDecoder("utf-16be").decode(bytes) : decodeText(bytes);
}
