import { printParseErrorCode } from "jsonc-parser";
import { tolerantErrors } from "../../read/tolerant-errors.ts";
import type { Finding } from "../mistake.ts";
import type { Rule } from "../rule.ts";

const RULE: Rule = {
  id: "syntax",
  severity: "error",
  asks: "The file is JSON (RFC 8259).",
  remedy: "correct it here or just before",
};

/** `JSON.parse` stops at the first mistake and names no line; the editor's parser finds them all. */
export const syntax = {
  ...RULE,
  /** Of a text that `JSON.parse` refused with `message`. */
  findings(text: string, message: string): readonly Finding[] {
    const found = tolerantErrors(text).map(({ offset, error }): Finding => {
      const name = text.slice(offset, offset + 20).split(/[\s,:[\]{}"]/)[0] ?? "";
      const got =
        offset >= text.length ? "the end of the file" : `${printParseErrorCode(error)} ${name}`.trim();
      return {
        rule: RULE,
        at: { offset, name: "" },
        got,
        ...(NOT_A_NUMBER.test(name) ? NO_NUMBER : JSON_TEXT),
      };
    });
    return found.length > 0 ? found : [{ rule: RULE, at: null, got: message, ...JSON_TEXT }];
  },
};

const NOT_A_NUMBER = /^[+-]?(NaN|Infinity|inf|nan)$/;
const JSON_TEXT = { expected: "JSON (RFC 8259)" };
const NO_NUMBER = {
  expected: "a number; JSON has no NaN and no Infinity",
  advice: "find out why the program that wrote it had none",
};
