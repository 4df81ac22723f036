import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { nodeFiles } from "../../src/buffer/disk/node-files.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import { run } from "../../src/cli/ingest.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { DEVICE_KEY, framesAsOpened, readSegmentMcap, writeFrames, writerFor } from "../kit/buffer.ts";
import { tempDir } from "../kit/cli.ts";
import { TOKEN } from "./kit/data-centre.ts";
import { startIngest } from "./kit/processes.ts";
import { createVehicle, isSent, kindsOf } from "./kit/uploading.ts";

/** The command as its users type it. */
async function ingest(...args: readonly string[]) {
  let [stdout, stderr] = ["", ""];
  const io = {
    stdout: (text: string) => void (stdout += text),
    stderr: (text: string) => void (stderr += text),
    interactive: false,
    colour: false,
    nowMs: () => 0,
  };
  const code = await runCommand(run, args, io);
  return { code, stdout, stderr };
}

const dir = tempDir();
const path = (...names: readonly string[]): string => join(dir, ...names);
let region: { recipient: string; receiptKey: string };
beforeAll(async () => {
  const made = await ingest("keygen", "--region", "cn", "--out", path("keys"), "--json");
  region = JSON.parse(made.stdout) as typeof region;
  writeFileSync(path("tokens"), TOKEN);
});
const KEYS = () => ["--key", path("keys", "cn.age-key"), "--receipt-key", path("keys", "cn.receipt-key")];

test("keys are their owner's alone, and are never overwritten", async () => {
  for (const name of readdirSync(path("keys"))) expect(statSync(path("keys", name)).mode & 0o777).toBe(0o600);
  const before = readFileSync(path("keys", "cn.age-key"), "utf8");
  expect((await ingest("keygen", "--region", "cn", "--out", path("keys"))).code).toBe(2);
  expect(readFileSync(path("keys", "cn.age-key"), "utf8")).toBe(before);
  const text = await ingest("keygen", "--region", "eu", "--out", path("keys"));
  expect(text.stdout).toMatch(
    /^regions:\n {2}- id: eu\n {4}endpoint: .+\n {4}recipient: age1\S+\n {4}receiptKey: ed25519:\S+\n$/,
  );
});

test("what a vehicle's buffer sealed arrives, and opens to the frames that went in", async () => {
  const folder = path("buffer");
  mkdirSync(folder);
  const { vault } = await openVault({ files: await nodeFiles(folder), deviceKey: DEVICE_KEY });
  const writer = writerFor(vault, { recipients: { cn: region.recipient } });
  await writeFrames(writer, 0, 20);
  await writer.close();
  const [segment] = vault.list();
  if (segment === undefined) throw new Error("nothing was sealed");
  const server = await startIngest([
    ...KEYS(),
    "--tokens",
    path("tokens"),
    "--dir",
    path("archive"),
    "--listen",
    "127.0.0.1:0",
  ]);
  try {
    const vehicle = createVehicle();
    const config = { id: "cn", endpoint: server.url, token: TOKEN, ...region };
    // Not judged again: it stays.
    expect(segment.state).toBe("unchecked");
    await expect(vehicle.upload([config], () => true, { store: vault }, 300)).rejects.toThrow(
      "not within 300 ms",
    );
    vault.mark(segment.id, "ready");
    expect(kindsOf(await vehicle.upload([config], isSent, { store: vault }))).toEqual([`${segment.id} sent`]);
  } finally {
    await server.end("SIGKILL");
  }
  expect(vault.list()).toEqual([]);

  const listed = await ingest("list", "--dir", path("archive"));
  expect(listed.stdout).toBe(
    `${segment.id}\t${segment.bytes}\t${listed.stdout.split("\t")[2]}\t${segment.sha256}\n`,
  );
  const sealed = path("archive", "segments", `${segment.id}.mcap.age`);
  const opened = await ingest("open", "--key", path("keys", "cn.age-key"), sealed, "--out", path("opened"));
  expect(opened).toMatchObject({ code: 0, stdout: `${path("opened", segment.id)}.mcap\n`, stderr: "" });
  const mcap = readFileSync(path("opened", `${segment.id}.mcap`));
  expect(readSegmentMcap(mcap).frames).toEqual(framesAsOpened(0, 20));
  // The age command opens it with the same key file to the same bytes.
  const age = spawnSync("age", ["-d", "-i", path("keys", "cn.age-key"), sealed], { maxBuffer: 2 ** 28 });
  if (age.error === undefined) expect(age.stdout.equals(mcap)).toBe(true);
  else process.stderr.write("tests: the age command is not installed, its second opinion is skipped\n");
});

describe("open refuses, and writes nothing of,", () => {
  const sealed = (): string => {
    const [name = ""] = readdirSync(path("archive", "segments")).filter((each) => each.endsWith(".age"));
    return path("archive", "segments", name);
  };
  const opening = async (file: string, ...args: readonly string[]) => {
    const out = tempDir();
    const result = await ingest("open", file, "--out", out, ...args);
    expect(readdirSync(out)).toEqual([]);
    return result;
  };
  const key = (name: string): string[] => ["--key", path("keys", name)];
  const changed = (name: string, change: (bytes: Buffer) => Buffer): string => {
    writeFileSync(path(name), change(readFileSync(sealed())));
    return path(name);
  };
  const flipped = (at: number) => (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    copy[at < 0 ? bytes.length + at : at] = (copy.at(at) ?? 0) ^ 1;
    return copy;
  };

  test("a segment that is changed anywhere", async () => {
    for (const at of [40, 300, 100_000, -1]) {
      const { code } = await opening(changed("flipped.age", flipped(at)), ...key("cn.age-key"));
      expect(code).toBe(1);
    }
  });
  test("a segment that is cut off", async () => {
    for (const share of [0, 0.001, 0.5, 0.999]) {
      const cut = changed("cut.age", (bytes) => bytes.subarray(0, bytes.length * share));
      expect((await opening(cut, ...key("cn.age-key"))).code).toBe(1);
    }
  });
  test("a segment sealed to another key", async () => {
    const { code, stderr } = await opening(sealed(), ...key("eu.age-key"));
    expect(code).toBe(1);
    expect(stderr).toContain("another recipient");
  });
  test("a segment of another region", async () => {
    const bare = readFileSync(path("keys", "cn.age-key"), "utf8").replace(/^#.*\n/gm, "");
    writeFileSync(path("keys", "bare"), bare);
    const { code, stderr } = await opening(sealed(), ...key("bare"), "--region", "eu");
    expect(code).toBe(1);
    expect(stderr).toContain("got a segment of cn, expected region eu");
    // Not knowing the region is not a leave to open any.
    expect((await opening(sealed(), ...key("bare"))).code).toBe(2);
    expect((await opening(sealed(), ...key("cn.age-key"), "--region", "eu")).code).toBe(2);
  });
  test("a file that is not there, for a program as for people", async () => {
    const { code, stdout } = await opening(path("nowhere.age"), ...key("cn.age-key"), "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ mcap: null, error: { code: "unreadable" } });
  });
});

test.each([
  [["--dir", "x"], "--receipt-key"],
  [["--region", "cn", "--dir", "x", "--receipt-key", "RECEIPT"], "--tokens"],
  [
    ["--region", "cn", "--dir", "x", "--receipt-key", "RECEIPT", "--tokens", "TOKENS", "--allow-anyone"],
    "--tokens",
  ],
  [["--dir", "x", "--receipt-key", "RECEIPT", "--allow-anyone"], "--region"],
  [
    ["--region", "eu", "--key", "KEY", "--dir", "x", "--receipt-key", "RECEIPT", "--allow-anyone"],
    "one region",
  ],
  [["--region", "cn", "--receipt-key", "RECEIPT", "--allow-anyone"], "--dir"],
  [
    ["--region", "cn", "--receipt-key", "RECEIPT", "--allow-anyone", "--dir", "x", "--s3", "http://x"],
    "--dir",
  ],
  [["--region", "cn", "--receipt-key", "KEY", "--allow-anyone", "--dir", "x"], "PEM"],
  [["--region", "cn", "--receipt-key", "RECEIPT", "--tokens", "SHORT", "--dir", "x"], "bad lines 1"],
  [["--region", "cn", "--receipt-key", "RECEIPT", "--tokens", "EMPTY", "--dir", "x"], "no token"],
  [
    ["--region", "cn", "--receipt-key", "RECEIPT", "--allow-anyone", "--dir", "x", "--tls-cert", "KEY"],
    "--tls-key",
  ],
  [
    ["--region", "cn", "--receipt-key", "RECEIPT", "--allow-anyone", "--dir", "x", "--max-bytes", "no"],
    "--max-bytes",
  ],
  [["--listen", "8480"], "--listen"],
  [["serve"], "keygen, open, list"],
])("a receiver does not start with %j, and says why", async (args, why) => {
  writeFileSync(path("short"), "secret\n");
  writeFileSync(path("empty"), "# none\n\n");
  const files: Readonly<Record<string, string>> = {
    RECEIPT: path("keys", "cn.receipt-key"),
    KEY: path("keys", "cn.age-key"),
    TOKENS: path("tokens"),
    SHORT: path("short"),
    EMPTY: path("empty"),
    x: path("never"),
  };
  const { code, stderr } = await ingest(...args.map((arg) => files[arg] ?? arg));
  expect(code).toBeGreaterThan(0);
  expect(code).toBeLessThan(3);
  expect(stderr).toContain(why);
});

test.each([[], ["open"], ["list"], ["keygen"]])("ingest %s --help has an example", async (...command) => {
  const { code, stdout } = await ingest(...command, "--help");
  expect(code).toBe(0);
  expect(stdout).toContain("Example: camfence ingest");
});
