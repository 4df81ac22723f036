import { expect, test } from "vitest";
import { lineSplitter } from "../../src/core/lines.ts";

function split(text: string, maxLineBytes: number, chunkBytes: number): readonly string[] {
  const splitter = lineSplitter(maxLineBytes);
  const bytes = Buffer.from(text, "latin1");
  const lines = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    lines.push(...splitter.push(bytes.subarray(at, at + chunkBytes)));
  lines.push(...splitter.end());
  return lines.map((line) => `${line.number} ${line.kind === "text" ? line.text : "too long"}`);
}

test.each([
  ["a\nb\n", ["1 a", "2 b"]],
  ["a\r\nb", ["1 a", "2 b"]],
  ["\n\na", ["1 ", "2 ", "3 a"]],
  ["", []],
  ["1234", ["1 1234"]],
  ["12345", ["1 too long"]],
  ["1234\n12345\n1234", ["1 1234", "2 too long", "3 1234"]],
  ["123456789\n1", ["1 too long", "2 1"]],
  ["123456789", ["1 too long"]],
  ["\xef\xbb\xbfab", ["1 too long"]],
  ["\xef\xbb\xbfa\n\xef", ["1 a", "2 \xef"]],
  ["\xff\0\xfe", ["1 \xff\0\xfe"]],
])("%j with at most 4 bytes a line is %j in chunks of any size", (text, expected) => {
  for (const chunkBytes of [1, 2, 3, 100]) expect(split(text, 4, chunkBytes)).toEqual(expected);
});

test("an endless line is not kept: it may be longer than the longest string", () => {
  const splitter = lineSplitter(4096);
  const chunk = Buffer.alloc(1024 * 1024, "x");
  for (let i = 0; i < 600; i += 1) expect(splitter.push(chunk)).toEqual([]);
  expect(splitter.push(Buffer.from("\nok\n"))).toMatchObject([
    { kind: "too-long" },
    { kind: "text", text: "ok" },
  ]);
});
