import { createFindings, type Findings } from "../check/findings.ts";
import { locate } from "../check/locate.ts";
import { decodeText } from "../read/decode-text.ts";
import type { Mistake, Step } from "../check/mistake.ts";
import { parseJson } from "../read/parse-json.ts";
import { placeMistakes } from "../check/place-mistakes.ts";

/** A JSON source: its value, and what a reader needs to name lines in it. */
export interface JsonSource {
  /** undefined where the text is no JSON; the findings say why. */
  readonly value: unknown;
  readonly findings: Findings;
  /** The lines of the values at these paths. */
  readonly linesOf: (paths: readonly (readonly Step[])[]) => readonly number[];
  /** The mistakes found so far, with their lines. */
  readonly mistakes: () => readonly Mistake[];
}

export function readJsonSource(name: string, bytes: Buffer): JsonSource {
  const findings = createFindings();
  const value = parseJson(bytes, findings);
  return {
    value,
    findings,
    linesOf: (paths) => lineNumbers(decodeText(bytes) ?? "", paths),
    mistakes: () => (findings.listed().length > 0 ? placeMistakes(name, bytes, findings.listed()) : []),
  };
}

function lineNumbers(text: string, paths: readonly (readonly Step[])[]): readonly number[] {
  const offsets = locate(text, paths);
  const lines: number[] = offsets.map(() => 1);
  let [line, from] = [1, 0];
  const order = offsets.map((offset, index) => ({ offset, index })).toSorted((a, b) => a.offset - b.offset);
  for (const { offset, index } of order) {
    for (let end = text.indexOf("\n", from); end >= 0 && end < offset; end = text.indexOf("\n", from)) {
      line += 1;
      from = end + 1;
    }
    lines[index] = line;
  }
  return lines;
}
