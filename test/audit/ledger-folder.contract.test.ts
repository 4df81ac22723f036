import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDiskFolder } from "../../src/audit/disk-folder.ts";
import type { LedgerFolder } from "../../src/audit/ledger-folder.ts";
import { createMemoryFolder } from "../../src/audit/memory-folder.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);
const temp = (): string => join(mkdtempSync(join(tmpdir(), "camfence-ledger-")), "ledger");

const KINDS: [string, () => Promise<LedgerFolder>][] = [
  ["in memory", async () => createMemoryFolder()],
  ["on disk", () => openDiskFolder(temp())],
];

async function textOf(folder: LedgerFolder, name: string): Promise<string> {
  return Buffer.from(await folder.read(name)).toString();
}

async function write(folder: LedgerFolder, keepBytes: number, ...texts: string[]): Promise<void> {
  const file = await folder.open("a", keepBytes);
  for (const text of texts) {
    let rest = bytes(text);
    while (rest.length > 0) rest = rest.subarray(await file.append(rest));
  }
  await file.sync();
  await file.close();
}

describe.each(KINDS)("a ledger folder %s", (_, open) => {
  test("begins empty", async () => {
    expect(await (await open()).names()).toEqual([]);
  });

  test("makes a file, and appends to it", async () => {
    const folder = await open();
    await write(folder, 0, "one", "two");
    expect(await folder.names()).toEqual(["a"]);
    expect(await textOf(folder, "a")).toBe("onetwo");
  });

  test.each([
    [0, "new"],
    [3, "onenew"],
    [6, "onetwonew"],
  ])("goes on behind the first %i bytes and cuts off the rest", async (keepBytes, text) => {
    const folder = await open();
    await write(folder, 0, "onetwo");
    await write(folder, keepBytes, "new");
    expect(await textOf(folder, "a")).toBe(text);
  });

  test("replaces a file whole", async () => {
    const folder = await open();
    await folder.replace("b", bytes("long content"));
    await folder.replace("b", bytes("short"));
    expect(await textOf(folder, "b")).toBe("short");
    expect(await folder.names()).toEqual(["b"]);
  });

  test("what was read does not change with the file", async () => {
    const folder = await open();
    await write(folder, 0, "one");
    const before = await folder.read("a");
    await write(folder, 3, "two");
    expect(Buffer.from(before).toString()).toBe("one");
  });

  test("a file that is not there cannot be read, and the error names it", async () => {
    await expect((await open()).read("none")).rejects.toThrow(/none/);
  });
});

test("on disk, only the owner may read a ledger", async () => {
  const path = temp();
  await write(await openDiskFolder(path), 0, "one");
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(path, "a")).mode & 0o777).toBe(0o600);
});

test("on disk, a replacement that a power cut left unfinished is not seen", async () => {
  const path = temp();
  const folder = await openDiskFolder(path);
  writeFileSync(join(path, "b.partial"), "half");
  expect(await folder.names()).toEqual([]);
});
