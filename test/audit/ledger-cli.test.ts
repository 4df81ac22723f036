import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openDiskFolder } from "../../src/audit/disk-folder.ts";
import { fileKey } from "../../src/audit/key-provider.ts";
import { run } from "../../src/cli/ledger.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { drive, keep, segment } from "./kit.ts";

const base = mkdtempSync(join(tmpdir(), "camfence-ledger-cli-"));
const key = join(base, "ledger.key");

async function ledgerCommand(...args: readonly string[]) {
  let [stdout, stderr] = ["", ""];
  const code = await runCommand(run, args, {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    interactive: false,
    colour: false,
    nowMs: () => 0,
  });
  return { code, stdout, stderr };
}

async function writeLedger(): Promise<string> {
  const path = mkdtempSync(join(base, "ledger-"));
  const kept = await keep({ folder: await openDiskFolder(path), key: fileKey(key) });
  await drive(kept, "clear", 70);
  await drive(kept, "inside", 50);
  kept.ledger.segment({ kind: "sealed", sha256: segment("a"), region: "de", frames: 700 });
  await kept.ledger.close();
  return path;
}

beforeAll(() => ledgerCommand("keygen", key));

describe("camfence ledger keygen", () => {
  test("makes a private key that only its owner may read, and a public one", () => {
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${key}.pub`, "utf8")).toMatch(/^-----BEGIN PUBLIC KEY-----/);
  });

  test("never writes over a key", async () => {
    const before = readFileSync(key, "utf8");
    expect(await ledgerCommand("keygen", key)).toMatchObject({ code: 2 });
    expect(readFileSync(key, "utf8")).toBe(before);
  });
});

describe("camfence ledger verify", () => {
  test("prints what a good ledger tells, and exits with 0", async () => {
    const { code, stdout } = await ledgerCommand("verify", await writeLedger(), "--key", `${key}.pub`);
    expect(stdout).toBe(`period       2026-03-01T08:00Z to 2026-03-01T08:02Z
written      8 lines in 1 file, 1 session, 4 checkpoints
told         1 restriction, 0 zone sets, 0 revocations

reason            passed   blurred   dropped      lost
clear                700         ·         ·         ·
inside                 ·         ·       500         ·
camera front         700         ·       500         ·

frames in 1200 = passed 700 + blurred 0 + dropped 500 + lost 0
segments sealed 1, sent 0, destroyed 0, lost 0; stored now 1
sound: every signed line is as it was written, and all sums add up
`);
    expect(code).toBe(0);
  });

  test("names an edit with file and line, says what it means, and exits with 1", async () => {
    const path = await writeLedger();
    const file = join(path, "ledger-000001.jsonl");
    writeFileSync(file, readFileSync(file, "utf8").replace('"passed":400', '"passed":401'));
    const { code, stdout } = await ledgerCommand("verify", path, "--key", `${key}.pub`);
    expect(stdout).toContain(
      `${file}:4  error    edited: its hash is not the one that the next line states; the line is not what was written: it was changed, or its storage is damaged\n`,
    );
    expect(stdout).toMatch(/tampered: it is not as it was written\n$/);
    expect(code).toBe(1);
  });

  test("tells a cut end from tampering by the head beside it, and by one kept elsewhere", async () => {
    const path = await writeLedger();
    const file = join(path, "ledger-000001.jsonl");
    const lines = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, `${lines.slice(0, 4).join("\n")}\n`);
    expect((await ledgerCommand("verify", path, "--json")).stdout).toMatch(/"verdict": "cut-off"/);
    const elsewhere = join(base, "head-elsewhere.json");
    writeFileSync(elsewhere, readFileSync(join(path, "head.json")));
    rmSync(join(path, "head.json"));
    expect((await ledgerCommand("verify", path)).code).toBe(0);
    expect((await ledgerCommand("verify", path, "--head", elsewhere)).code).toBe(1);
  });

  test("tells a wrong key from tampering", async () => {
    const other = join(base, `other-${Math.random()}.key`);
    await ledgerCommand("keygen", other);
    const { code, stdout } = await ledgerCommand(
      "verify",
      await writeLedger(),
      "--key",
      `${other}.pub`,
      "--json",
    );
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: "wrong-key",
      findings: [{ kind: "wrong-key", severity: "error" }],
    });
    expect(code).toBe(1);
  });

  test.each([
    ["no path", ["verify"], /got no path/],
    ["a path that is not there", ["verify", "/nowhere"], /\/nowhere: ENOENT/],
    ["a folder without a ledger", ["verify", tmpdir()], /a folder without a ledger/],
    ["a private key", ["verify", base, "--key", key], /ledger/],
    ["a hash that is none", ["verify", "package.json", "--expect", "abc"], /--expect: got "abc"/],
    ["an unknown option", ["verify", "--frobnicate"], /frobnicate/],
    ["an unknown command", ["frobnicate"], /expected one of verify, summary, keygen/],
  ])("%s is wrong usage: 2", async (_, args, message) => {
    const { code, stderr } = await ledgerCommand(...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test("a file that is no ledger is found wrong: 1", async () => {
    expect(await ledgerCommand("verify", "package.json")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("unreadable: ") as string,
    });
  });
});

describe("camfence ledger summary", () => {
  test("gives the figures to programs, with what the ledger was found to be", async () => {
    const { code, stdout } = await ledgerCommand("summary", await writeLedger(), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: "sound",
      frames: { in: 1200 },
      segments: { stored: 1 },
    });
  });
});

test("--help has an example", async () => {
  for (const args of [["--help"], ["verify", "--help"], ["summary", "--help"], ["keygen", "--help"]]) {
    expect(await ledgerCommand(...args)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Example: ") as string,
    });
  }
});
