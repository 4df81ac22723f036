import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { NamedBytes } from "../../src/audit/ledger-entries.ts";
import { cutLines } from "../../src/audit/ledger-files.ts";
import { hashOf, lineText, signedText } from "../../src/audit/line-bytes.ts";
import type { FindingKind, LedgerVerdict } from "../../src/audit/finding.ts";
import { verifyLedger } from "../../src/audit/verify-ledger.ts";
import type { VerifyOptions } from "../../src/audit/verify-ledger.ts";
import { isError } from "../../src/audit/finding.ts";
import type { LedgerFolder } from "../../src/audit/ledger-folder.ts";
import { createMemoryFolder } from "../../src/audit/memory-folder.ts";
import { KEY, OTHER_PUBLIC_KEY, PUBLIC_KEY, drive, filesOf, headOf, keep, segment } from "./kit.ts";

const RUNS = process.env["SLOW"] === "1" ? 5000 : 400;

let folder: LedgerFolder;
let files: NamedBytes[];
let heads: NamedBytes[];

/** Two sessions in several files; the last lines are not signed yet. */
beforeAll(async () => {
  folder = createMemoryFolder();
  const first = await keep({ folder, maxFileBytes: 3000 });
  await drive(first, "clear", 130);
  await drive(first, "inside", 70);
  await drive(first, "clear", 130);
  first.ledger.segment({ kind: "sealed", sha256: segment("a"), region: "de", frames: 2000 });
  await first.ledger.close();
  const second = await keep({ folder, maxFileBytes: 3000 }, first.clock);
  second.ledger.storageOpened({ segments: 1, frames: 2000 });
  await drive(second, "clear", 130);
  second.ledger.segment({ kind: "sent", sha256: segment("a"), region: "de", frames: 2000 });
  second.ledger.rechecked({ zoneSet: "ab".repeat(32), kept: 0, destroyed: 0 });
  await second.clock.pass(10);
  files = await filesOf(folder);
  heads = await headOf(folder);
});

const verify = (changed: readonly NamedBytes[], options: VerifyOptions = {}) =>
  verifyLedger(changed, { keys: [PUBLIC_KEY], heads, ...options });

/** All lines of all files, changed, in the same files. */
function changedLines(change: (lines: string[]) => string[], from = files): NamedBytes[] {
  return from.map(({ name, bytes }) => {
    const lines = cutLines(bytes).lines.map((line) => Buffer.from(line).toString());
    return {
      name,
      bytes: Buffer.from(
        change(lines)
          .map((line) => `${line}\n`)
          .join(""),
      ),
    };
  });
}

/** The one file, changed. */
const changedFile = (index: number, change: (lines: string[]) => string[]): NamedBytes[] =>
  files.map((file, i) => (i === index ? (changedLines(change, [file])[0] ?? file) : file));

const without = (index: number) => (lines: string[]) => lines.filter((_, i) => i !== index);

test("the ledger as it was written is sound, but for the lines that nothing signs yet", () => {
  const { verdict, findings } = verify(files);
  expect(verdict).toBe("sound");
  expect(findings).toMatchObject([{ kind: "unsigned-tail", what: "2 lines after the last checkpoint" }]);
});

describe("each thing that can be done to a ledger has its name", () => {
  const cases: [string, () => NamedBytes[], FindingKind, LedgerVerdict][] = [
    ["a count is changed", () => changedFile(0, edit(4, '"in":', '"in":1')), "edited", "tampered"],
    ["a line is taken out", () => changedFile(1, without(2)), "deleted", "tampered"],
    ["lines change places", () => changedFile(1, swap(1, 2)), "reordered", "tampered"],
    [
      "a line is repeated",
      () => changedFile(0, (lines) => lines.flatMap((line, i) => (i === 2 ? [line, line] : [line]))),
      "replayed",
      "tampered",
    ],
    ["a file is taken out", () => files.filter((_, i) => i !== 1), "file-missing", "cut-off"],
    ["the first file is taken out", () => files.slice(1), "start-cut-off", "cut-off"],
    ["the last file is taken out", () => files.slice(0, -1), "end-cut-off", "cut-off"],
    [
      "a file is there twice",
      () => [...files, { name: "copy", bytes: files[1]?.bytes ?? new Uint8Array() }],
      "replayed",
      "tampered",
    ],
    [
      "a file's end is cut off",
      () => changedFile(0, (lines) => lines.slice(0, -2)),
      "file-missing",
      "cut-off",
    ],
    ["the end is cut off after a checkpoint", () => cutAtCheckpoint(), "end-cut-off", "cut-off"],
    [
      "a file is something else",
      () => [{ name: "x", bytes: Buffer.from("hello\n") }],
      "not-a-ledger",
      "unreadable",
    ],
    [
      "a file is of a newer version",
      () =>
        changedLines(
          (lines) => lines.map((line) => line.replace('"version":1', '"version":2')),
          files.slice(0, 1),
        ),
      "edited",
      "tampered",
    ],
  ];

  test.each(cases)("%s", (_, changed, kind, verdict) => {
    const result = verify(changed());
    expect(result.findings.map((finding) => finding.kind)).toContain(kind);
    expect(result.verdict).toBe(verdict);
  });

  test("the line that was edited is named, not its neighbour", () => {
    for (const index of [1, 2, 3, 4]) {
      const { findings } = verify(changedFile(1, edit(index, '"time":"2026', '"time":"2025')));
      expect(findings.find(({ kind }) => kind === "edited")).toMatchObject({
        file: files[1]?.name,
        line: index + 1,
      });
    }
  });

  test("two continuations of one line are a fork", async () => {
    const copy = createMemoryFolder();
    for (const { name, bytes } of files.slice(0, 2)) await copy.replace(name, bytes);
    const other = await keep({ folder: copy });
    await other.ledger.close();
    const own = (await filesOf(copy)).at(-1);
    const { findings, verdict } = verify([
      ...files,
      { name: "other", bytes: own?.bytes.subarray(files[1]?.bytes.length) ?? new Uint8Array() },
    ]);
    expect(verdict).toBe("tampered");
    expect(findings.map(({ kind }) => kind)).toContain("forked");
  });

  test("a history rewritten by somebody without the key is a bad signature", () => {
    const rewritten = rechained((text) => text.replace('"dropped":700', '"dropped":70'));
    const kinds = new Set(
      verify(rewritten)
        .findings.filter(isError)
        .map(({ kind }) => kind),
    );
    expect(kinds).toContain("bad-signature");
    expect(kinds).not.toContain("edited");
  });

  test("time that goes back in a signed ledger is named", async () => {
    const key = await KEY.load();
    const place = { seq: 2, prev: hashOf(linesOfFile(0)[1] ?? ""), time: "2026-03-01T07:00Z" };
    const line = lineText({ event: "started", session: 1 }, place);
    const { findings } = verify(
      [{ name: "a", bytes: Buffer.from([...linesOfFile(0).slice(0, 2), line, ""].join("\n")) }],
      { heads: [] },
    );
    expect(findings.filter(isError)).toMatchObject([{ kind: "time-backwards", line: 3 }]);
    expect(signedText(line, (bytes) => key.sign(bytes))).toMatch(/"sig":"[0-9a-f]{128}"}$/);
  });
});

describe("whose ledger it is", () => {
  test("signed with another key than the trusted one is a wrong key, not tampering", () => {
    const { verdict, findings } = verify(files, { keys: [OTHER_PUBLIC_KEY] });
    expect(verdict).toBe("wrong-key");
    expect(new Set(findings.filter(isError).map(({ kind }) => kind))).toEqual(new Set(["wrong-key"]));
  });

  test("a header that gives its key the name of another is an edit", () => {
    const renamed = rechained((text) =>
      text.replace(/"keyId":"[0-9a-f]{16}"/, `"keyId":"${OTHER_PUBLIC_KEY.id}"`),
    );
    expect(verify(renamed).findings).toContainEqual(
      expect.objectContaining({
        kind: "edited",
        what: `key id ${OTHER_PUBLIC_KEY.id} is not that of its key`,
      }),
    );
  });

  test("a file of another ledger is foreign", async () => {
    const other = await keep();
    await other.ledger.close();
    const [file] = await filesOf(other.folder);
    const kinds = verify([...files, { name: "other", bytes: file?.bytes ?? new Uint8Array() }]).findings.map(
      ({ kind }) => kind,
    );
    expect(kinds).toContain("foreign");
  });

  test("without a trusted key, nothing says whose it is", () => {
    expect(verify(files, { keys: [] }).findings.map(({ kind }) => kind)).toContain("own-key");
  });

  test("without a head or a known hash, nothing says where it ends", () => {
    expect(verify(files, { heads: [] }).findings.map(({ kind }) => kind)).toContain("open-end");
    expect(verify(cutAtCheckpoint(), { heads: [] }).verdict).toBe("sound");
  });

  test("a hash that is known must be there", () => {
    const [known = ""] = linesOfFile(1).slice(-1);
    expect(verify(files, { heads: [], hashes: [hashOf(known)] }).verdict).toBe("sound");
    expect(verify(files.slice(0, 1), { heads: [], hashes: [hashOf(known)] }).verdict).toBe("cut-off");
  });

  test("earlier files may be kept elsewhere when the last hash of them is known", () => {
    const [last = ""] = linesOfFile(0).slice(-1);
    expect(verify(files.slice(1), { after: hashOf(last) }).verdict).toBe("sound");
    expect(verify(files.slice(1), { after: hashOf("another") }).verdict).toBe("tampered");
  });
});

describe("whatever is done to the signed part of a ledger is found", () => {
  const places = () => ({
    file: fc.nat(files.length - 1),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  const isSigned = (file: number, line: number) =>
    file < files.length - 1 || line < linesOfFile(file).length - 2;

  test("any flipped bit", () => {
    const bit = fc.nat(7);
    fc.assert(
      fc.property(places().file, places().at, bit, (file, at, flipped) => {
        const bytes = Buffer.from(files[file]?.bytes ?? []);
        const signedBytes =
          linesOfFile(file)
            .filter((_, i) => isSigned(file, i))
            .join("\n").length + 1;
        const index = Math.floor(at * signedBytes);
        bytes[index] = (bytes[index] ?? 0) ^ (1 << flipped);
        expect(verify(files.map((old, i) => (i === file ? { ...old, bytes } : old))).verdict).not.toBe(
          "sound",
        );
      }),
      { numRuns: RUNS },
    );
  });

  test("any line taken out, repeated or moved", () => {
    const change = fc.constantFrom("delete", "repeat", "move");
    fc.assert(
      fc.property(places().file, places().at, places().at, change, (file, a, b, what) => {
        const lines = linesOfFile(file);
        const signed = lines.filter((_, i) => isSigned(file, i)).length;
        const [from, to] = [Math.floor(a * signed), Math.floor(b * signed)];
        fc.pre(what === "delete" ? true : what === "repeat" || from !== to);
        expect(verify(changedFile(file, (own) => CHANGES[what](own, from, to))).verdict).not.toBe("sound");
      }),
      { numRuns: RUNS },
    );
  });

  test("any end cut off, but for the lines after the last checkpoint", () => {
    const whole = Buffer.concat(files.map(({ bytes }) => bytes));
    const signed =
      whole.length -
      linesOfFile(files.length - 1)
        .slice(-2)
        .join("\n").length -
      1;
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        const { verdict } = verify([{ name: "all", bytes: whole.subarray(0, length) }]);
        expect(verdict === "sound").toBe(length >= signed);
      }),
      { numRuns: RUNS },
    );
  });
});

const CHANGES = {
  delete: (lines: string[], from: number) => without(from)(lines),
  repeat: (lines: string[], from: number, to: number) => lines.toSpliced(to, 0, lines[from] ?? ""),
  move: (lines: string[], from: number, to: number) =>
    without(from)(lines).toSpliced(to, 0, lines[from] ?? ""),
};

function edit(index: number, from: string, to: string) {
  return (lines: string[]) => lines.map((line, i) => (i === index ? line.replace(from, to) : line));
}

function swap(a: number, b: number) {
  return (lines: string[]) =>
    lines.map((line, i) => (i === a ? (lines[b] ?? line) : i === b ? (lines[a] ?? line) : line));
}

function linesOfFile(index: number): string[] {
  return Buffer.from(files[index]?.bytes ?? [])
    .toString()
    .trimEnd()
    .split("\n");
}

/** All but the last file's lines after its first checkpoint. */
function cutAtCheckpoint(): NamedBytes[] {
  const last = files.length - 1;
  return changedFile(last, (lines) => lines.slice(0, lines.findIndex((line) => line.includes('"sig"')) + 1));
}

/** The lines with a change, and with a chain that fits it. */
function rechained(change: (text: string) => string): NamedBytes[] {
  let prev = "0".repeat(64);
  return changedLines((lines) =>
    lines.map((line) => {
      const text = change(line).replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${prev}"`);
      prev = hashOf(text);
      return text;
    }),
  );
}
