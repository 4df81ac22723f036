import { chmodSync, cpSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeFiles } from "../../src/buffer/disk/node-files.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import { run } from "../../src/cli/buffer.ts";
import type { Environment } from "../../src/cli/buffer.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import {
  DEVICE_KEY,
  HOLD_RECIPIENT,
  frameNumber,
  releasedOutcome,
  writeFrames,
  writerFor,
} from "../kit/buffer.ts";
import { tempDir } from "../kit/cli.ts";

async function bufferFolder(): Promise<string> {
  const folder = tempDir();
  const { vault } = await openVault({ files: await nodeFiles(folder), deviceKey: DEVICE_KEY });
  const writer = writerFor(vault, { policy: { maxSegmentMs: 500 }, holdRecipient: HOLD_RECIPIENT });
  await writeFrames(writer, 0, 10);
  await writer.write(releasedOutcome(frameNumber(20), { region: null }));
  await writer.close();
  await writeFrames(writer, 30, 33);
  await writer.tick(0);
  // As the folder is while a daemon writes.
  const copy = tempDir();
  cpSync(folder, copy, { recursive: true });
  await writer.close();
  return copy;
}

function deviceKeyFile(mode = 0o600): string {
  const path = join(tempDir(), "device.key");
  writeFileSync(path, `${DEVICE_KEY.toString("hex")}\n`);
  chmodSync(path, mode);
  return path;
}

async function buffer(args: readonly string[], environment: Environment = {}) {
  let [stdout, stderr] = ["", ""];
  const io = {
    stdout: (text: string) => void (stdout += text),
    stderr: (text: string) => void (stderr += text),
    interactive: false,
    colour: false,
    nowMs: () => 0,
  };
  const code = await runCommand((given, to) => run(given, to, environment), args, io);
  return { code, stdout, stderr };
}

test("ls lists finished segments oldest first and leaves alone what is being written", async () => {
  const folder = await bufferFolder();
  const before = readdirSync(folder);
  const { code, stdout } = await buffer(["ls", folder, "--key-file", deviceKeyFile()]);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => line.split("  ")[1] ?? line)).toEqual(["cn", "cn", "(held)", lines.at(-1)]);
  expect(lines.at(-1)).toMatch(/^3 segments, 11 frames, 0\.\d MB$/);
  expect(readdirSync(folder)).toEqual(before);
});

test("ls --json gives the segments as upload and audit see them: no place, no camera mount", async () => {
  const { stdout } = await buffer(["ls", await bufferFolder(), "--json", "--key-file", deviceKeyFile()]);
  const [segment] = JSON.parse(stdout) as Record<string, unknown>[];
  expect(Object.keys(segment ?? {}).toSorted()).toEqual([
    "bytes",
    "counts",
    "ending",
    "firstMs",
    "id",
    "lastMs",
    "region",
    "sha256",
    "state",
    "vehicle",
    "zoneSetHash",
  ]);
});

test("verify finds a changed byte, a cut file and what was set aside, each by name", async () => {
  const folder = await bufferFolder();
  const args = ["verify", folder, "--key-file", deviceKeyFile()];
  const good = await buffer(args);
  expect(good).toMatchObject({ code: 0 });
  expect(good.stdout).toMatch(/3 segments good, 2 findings/);
  const [first = "", second = ""] = readdirSync(folder).filter((name) => name.endsWith(".age"));
  const { length } = (
    await openVault({ files: await nodeFiles(folder), deviceKey: DEVICE_KEY, start: "look" })
  ).vault.list();
  expect(length).toBe(3);
  writeFileSync(join(folder, first), "x", { flag: "r+" });
  truncateSync(join(folder, second), 100);
  writeFileSync(join(folder, "strange.quarantined"), "");
  const { code, stdout } = await buffer(args);
  expect(code).toBe(1);
  expect(stdout).toContain("its SHA-256 is");
  expect(stdout).toContain(`${second}: has no whole counterpart`);
  expect(stdout).toContain("strange.quarantined: was set aside");
  expect(stdout).toContain("1 segment good");
});

test.each([
  [["--all"], 3],
  [["--region", "cn"], 2],
  [["--region", "none"], 1],
  [["--before", "2026-03-01T08:00:00.500Z"], 1],
] as const)("purge %j destroys %i segments", async (which, destroyed) => {
  const folder = await bufferFolder();
  const { code, stdout } = await buffer(["purge", folder, ...which, "--json", "--key-file", deviceKeyFile()]);
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as { destroyed: unknown[] }).destroyed.length).toBe(destroyed);
  expect(readdirSync(folder).filter((name) => name.endsWith(".age")).length).toBe(3 - destroyed);
});

test("purge destroys nothing unless told what", async () => {
  const folder = await bufferFolder();
  const { code, stderr } = await buffer(["purge", folder, "--key-file", deviceKeyFile()]);
  expect(code).toBe(2);
  expect(stderr).toContain("expected --before, --region or --all");
  expect(readdirSync(folder).filter((name) => name.endsWith(".age")).length).toBe(3);
});

test("the key comes from a file that only its owner may read, a systemd credential or the environment", async () => {
  const folder = await bufferFolder();
  const hex = DEVICE_KEY.toString("hex");
  expect((await buffer(["ls", folder], { CAMFENCE_DEVICE_KEY: hex })).code).toBe(0);
  const credentials = tempDir();
  writeFileSync(join(credentials, "camfence-device-key"), hex, { mode: 0o440 });
  expect((await buffer(["ls", folder], { CREDENTIALS_DIRECTORY: credentials })).code).toBe(0);
  const open = await buffer(["ls", folder, "--key-file", deviceKeyFile(0o640)]);
  expect([open.code, open.stderr]).toEqual([1, expect.stringContaining("has mode 0640, expected 0600")]);
  const bad = await buffer(["ls", folder], { CAMFENCE_DEVICE_KEY: `${hex.slice(1)}x` });
  expect([bad.code, bad.stderr.includes(hex.slice(1))]).toEqual([1, false]);
  expect((await buffer(["ls", folder])).code).toBe(1);
  chmodSync(join(credentials, "camfence-device-key"), 0o444);
  expect((await buffer(["ls", folder], { CREDENTIALS_DIRECTORY: credentials })).code).toBe(1);
  expect((await buffer(["ls", folder], { CREDENTIALS_DIRECTORY: tempDir() })).code).toBe(2);
});

test.each([[], ["what", "."], ["ls"], ["ls", "a", "b"], ["ls", "no-such-folder"]])(
  "wrong usage is told: %j",
  async (...args) => {
    expect((await buffer(args)).code).toBe(2);
  },
);

test("--help shows an example", async () => {
  expect((await buffer(["--help"])).stdout).toContain("Example: camfence buffer ls");
});
