import { parse, printParseErrorCode, type ParseError } from "jsonc-parser";
import { messageOf } from "../../core/errors.ts";
import { findDuplicateKeys, mayHaveDuplicateKeys } from "./duplicate-keys.ts";
import { decodeText } from "./decode-text.ts";
import type { Findings } from "../check/findings.ts";

/** The value of a JSON text, or undefined. Reports what makes it none, and names that occur twice. */
export function parseJson(bytes: Buffer, findings: Findings): unknown {
  const text = decodeText(bytes);
  if (text === null) {
    reportEncoding(findings);
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (mayHaveDuplicateKeys(bytes, value)) reportDuplicateKeys(text, findings);
    return value;
  } catch (error) {
    reportSyntax(text, messageOf(error), findings);
    return undefined;
  }
}

function reportEncoding(findings: Findings): void {
  findings.add({
    rule: "encoding",
    at: null,
    got: "bytes that are no UTF-8 text",
    expected: "UTF-8, as RFC 8259 has it",
    advice: "save the file as UTF-8",
  });
}

function reportDuplicateKeys(text: string, findings: Findings): void {
  findDuplicateKeys(text, ({ name, offset }) =>
    findings.add({
      rule: "duplicate-key",
      at: { offset, name },
      got: "a second one in the same object",
      expected: "each name once",
      advice: "delete one: programs differ in which they take",
    }),
  );
}

/** `JSON.parse` stops at the first mistake and names no line; the editor's parser finds them all. */
function reportSyntax(text: string, message: string, findings: Findings): void {
  const errors = tolerantErrors(text);
  for (const { offset, error } of errors) {
    const name = text.slice(offset, offset + 20).split(/[\s,:[\]{}"]/)[0] ?? "";
    findings.add({
      rule: "syntax",
      at: { offset, name: "" },
      got: offset >= text.length ? "the end of the file" : `${printParseErrorCode(error)} ${name}`.trim(),
      expected: NOT_A_NUMBER.test(name) ? "a number; JSON has no NaN and no Infinity" : "JSON (RFC 8259)",
      advice: NOT_A_NUMBER.test(name)
        ? "find out why the program that wrote it had none"
        : "correct it here or just before",
    });
  }
  if (errors.length === 0)
    findings.add({
      rule: "syntax",
      at: null,
      got: message,
      expected: "JSON (RFC 8259)",
      advice: "correct it",
    });
}

const NOT_A_NUMBER = /^[+-]?(NaN|Infinity|inf|nan)$/;

/** At most one mistake a line, since one slip often leads to several. */
function tolerantErrors(text: string): readonly ParseError[] {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    // It recurses, and a text may nest deeper than the stack.
    if (!(error instanceof RangeError)) throw error;
  }
  let lastEnd = -1;
  return errors.filter(({ offset }) => {
    if (offset < lastEnd) return false;
    const end = text.indexOf("\n", offset);
    lastEnd = end < 0 ? text.length + 1 : end;
    return true;
  });
}
