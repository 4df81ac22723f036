import type { Check } from "../rule.ts";

/** Of the text that the bytes were decoded to; null where they are none. */
export const encoding: Check<[text: string | null]> = {
  id: "encoding",
  severity: "error",
  asks: "The file is UTF-8 text.",
  remedy: "save the file as UTF-8",
  check: (text) =>
    text === null ? { got: "bytes that are no UTF-8 text", expected: "UTF-8, as RFC 8259 has it" } : null,
};
