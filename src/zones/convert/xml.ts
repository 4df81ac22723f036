import { DOMParser, type Document, type Element } from "@xmldom/xmldom";
import { messageOf } from "../../core/errors.ts";
import type { Report } from "./draft.ts";
import { encoding } from "../check/rules/encoding.ts";
import { decodeSource } from "./decode-source.ts";
import { sourceFormat } from "./rules/source-format.ts";

/** The document of an XML file, or null after its mistake was reported. */
export function parseXml(bytes: Buffer, report: Report): Document | null {
  const mistakes: string[] = [];
  try {
    const text = decode(bytes) ?? "";
    if (text === "" && bytes.length > 0) mistakes.push(encoding.check(bytes, null)?.got ?? "no text");
    const onError = (level: string, message: string) => {
      if (level !== "warning") mistakes.push(message);
    };
    const parsed = new DOMParser({ onError }).parseFromString(text, "text/xml");
    if (mistakes.length === 0 && parsed.documentElement) return parsed;
  } catch (thrown) {
    mistakes.push(messageOf(thrown));
  }
  const got = (mistakes[0] ?? "no element").split("\n")[0] ?? "";
  report({
    rule: sourceFormat,
    line: Number(/line[: ]*(\d+)/i.exec(mistakes.join(" "))?.[1] ?? 1),
    path: "",
    got,
    expected: "well-formed XML",
    advice: "export it again; a cut-off file has lost areas",
  });
  return null;
}

/** XML says its encoding itself; without a word it is UTF-8. Null for bytes that are no text in it. */
function decode(bytes: Buffer): string | null {
  const head = bytes.toString("latin1", 0, 200);
  const name = /^[^<\0]*<\?xml[^>]*encoding=["']([\w-]+)["']/.exec(head)?.[1] ?? "utf-8";
  if (/^utf-?(8|16)/i.test(name)) return decodeSource(bytes);
  return new TextDecoder(name, { fatal: true }).decode(bytes);
}

/** All elements of a local name, whatever their prefix. */
export const elementsOf = (from: Document | Element, name: string): readonly Element[] =>
  Array.from(from.getElementsByTagNameNS("*", name));

export const lineOf = (element: Element): number => element.lineNumber ?? 1;
