import { findDuplicateKeys } from "../../read/duplicate-keys.ts";
import type { Finding } from "../mistake.ts";
import type { Rule } from "../rule.ts";

const RULE: Rule = {
  id: "duplicate-key",
  severity: "error",
  asks: "An object has each name once.",
  remedy: "delete one: programs differ in which they take",
};

export const duplicateKey = {
  ...RULE,
  findings(text: string): readonly Finding[] {
    const found: Finding[] = [];
    findDuplicateKeys(text, ({ name, offset }) =>
      found.push({
        rule: RULE,
        at: { offset, name },
        got: "a second one in the same object",
        expected: "each name once",
      }),
    );
    return found;
  },
};
