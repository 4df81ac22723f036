import { messageOf } from "../../core/errors.ts";
import { mayHaveDuplicateKeys } from "./duplicate-keys.ts";
import { decodeText } from "./decode-text.ts";
import type { Findings } from "../check/findings.ts";
import { duplicateKey } from "../check/rules/duplicate-key.ts";
import { encoding } from "../check/rules/encoding.ts";
import { syntax } from "../check/rules/syntax.ts";

/** The value of a JSON text, or undefined. Reports what makes it none, and names that occur twice. */
export function parseJson(bytes: Buffer, findings: Findings): unknown {
  const text = decodeText(bytes);
  if (!findings.passes(encoding, encoding.check(bytes, text), null) || text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (mayHaveDuplicateKeys(bytes, value))
      for (const each of duplicateKey.findings(text)) findings.add(each);
    return value;
  } catch (error) {
    for (const each of syntax.findings(text, messageOf(error))) findings.add(each);
    return undefined;
  }
}
