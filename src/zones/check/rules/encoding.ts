import type { Check } from "../rule.ts";

/** Of bytes, and the text that they were decoded to; null where they are none. */
export const encoding: Check<[bytes: Buffer, text: string | null]> = {
  id: "encoding",
  severity: "error",
  asks: "The file is UTF-8 text.",
  remedy: "save the file as UTF-8",
  check(bytes, text) {
    if (text !== null) return null;
    const head = bytes.toString("latin1", 0, AGE.length);
    const known = KNOWN.find(({ begins }) => head.startsWith(begins));
    return { got: "bytes that are no UTF-8 text", expected: "UTF-8, as RFC 8259 has it", ...known?.problem };
  },
};

const AGE = "age-encryption.org/v1\n";
const KNOWN = [
  { begins: AGE, problem: { got: "an encrypted file", advice: "open it first: age -d -i KEY FILE" } },
  { begins: "\xff\xfe", problem: { got: "UTF-16 text" } },
  { begins: "\xfe\xff", problem: { got: "UTF-16 text" } },
  { begins: "\x1f\x8b", problem: { got: "a gzip archive", advice: "unpack it first" } },
  { begins: "PK", problem: { got: "a zip archive", advice: "unpack it first" } },
];
