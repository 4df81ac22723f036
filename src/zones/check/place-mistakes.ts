import { locate } from "./locate.ts";
import { decodeText } from "../read/decode-text.ts";
import { printable } from "./show.ts";
import { pathText, stepsOf, type Finding, type InText, type Mistake } from "./mistake.ts";

/** Gives mistakes their lines, all in one pass over the file. */
export function placeMistakes(file: string, bytes: Buffer, findings: readonly Finding[]): readonly Mistake[] {
  const text = decodeText(bytes) ?? "";
  const lines = linesAt(text, offsetsOf(text, findings));
  return findings
    .map((finding, index): Mistake => {
      const { rule, severity = rule.severity, advice = rule.remedy } = finding;
      const path = printable(isInText(finding.at) ? finding.at.name : pathText(finding.at));
      const told = { got: printable(finding.got), expected: printable(finding.expected) };
      const place = lines[index] ?? FILE_START;
      return { severity, rule: rule.id, file, path, ...place, ...told, advice: printable(advice) };
    })
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

interface Place {
  readonly line: number;
  readonly column: number;
}

const FILE_START: Place = { line: 1, column: 1 };

const isInText = (at: Finding["at"]): at is InText => at !== null && "offset" in at;

function offsetsOf(text: string, findings: readonly Finding[]): readonly number[] {
  const paths = findings.map(({ at }) => (isInText(at) ? [] : stepsOf(at)));
  // A text that is no JSON has no paths, and cannot be walked along any.
  const offsets = paths.some((path) => path.length > 0) ? locate(text, paths) : [];
  return findings.map(({ at }, index) => (isInText(at) ? at.offset : (offsets[index] ?? 0)));
}

/** Line and column of each offset; the offsets may come in any order. */
function linesAt(text: string, offsets: readonly number[]): readonly Place[] {
  const places: Place[] = offsets.map(() => FILE_START);
  const order = offsets.map((offset, index) => ({ offset, index })).toSorted((a, b) => a.offset - b.offset);
  let line = 1;
  let lineStart = 0;
  for (const { offset, index } of order) {
    for (
      let end = text.indexOf("\n", lineStart);
      end >= 0 && end < offset;
      end = text.indexOf("\n", lineStart)
    ) {
      line += 1;
      lineStart = end + 1;
    }
    places[index] = { line, column: offset - lineStart + 1 };
  }
  return places;
}
