import { parse, type ParseError } from "jsonc-parser";

/** The mistakes of a text that is no JSON: at most one a line, since one slip often leads to several. */
export function tolerantErrors(text: string): readonly ParseError[] {
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
