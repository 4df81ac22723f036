import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { openDiskFolder } from "../../src/audit/disk-folder.ts";
import { isError } from "../../src/audit/finding.ts";
import { readTail } from "../../src/audit/ledger-tail.ts";
import { generateSigningKey, publicKeyOf } from "../../src/audit/signing-key.ts";
import { verifyLedger } from "../../src/audit/verify-ledger.ts";
import { T0_MS, filesOf, headOf } from "./kit.ts";

const RUNS = process.env["SLOW"] === "1" ? 1000 : 40; // a process each: 0.1 to 0.4 s
const [MOST_STEPS, LONGEST_MS] = [60, 10];

const base = mkdtempSync(join(tmpdir(), "camfence-killed-"));
const [writer, ledger, key] = [join(base, "writer.mjs"), join(base, "ledger"), join(base, "key")];
const { privatePem, publicPem } = generateSigningKey();

beforeAll(async () => {
  writeFileSync(key, privatePem, { mode: 0o600 });
  // One file that node runs at once: a process for every kill.
  await build({
    entryPoints: ["test/audit/killed-writer.ts"],
    outfile: writer,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
    alias: { rxjs: "./node_modules/rxjs/dist/esm/index.js" },
  });
});

/** Starts the writer and kills it `delayMs` after it went `steps` steps: so slow machines get as far as fast ones. */
async function writeAndKill(startMs: number, steps: number, delayMs: number): Promise<void> {
  const args = [writer, ledger, key, String(startMs)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("close", resolve));
  let dots = 0;
  child.stdout.on("data", (bytes: Buffer) => {
    const before = dots;
    dots += bytes.length;
    if (before <= steps && dots > steps) setTimeout(() => child.kill("SIGKILL"), delayMs);
  });
  await ended;
  expect(child.signalCode).toBe("SIGKILL");
}

test(`one ledger outlasts ${RUNS} kills at random instants: every one leaves it sound, and signed to its last checkpoint`, async () => {
  const random = seededRandom(4);
  const folder = await openDiskFolder(ledger);
  let lines = 0;
  for (let run = 0; run < RUNS; run++) {
    const { lastMs } = await readTail(folder);
    await writeAndKill(Math.max(T0_MS, lastMs), Math.floor(random() * MOST_STEPS), random() * LONGEST_MS);
    const files = await filesOf(folder);
    const result = verifyLedger(files, {
      keys: [publicKeyOf(publicPem, "key")],
      heads: await headOf(folder),
    });
    expect(result.findings.filter(isError), `run ${run}`).toEqual([]);
    expect(result.summary.lines).toBeGreaterThanOrEqual(lines); // not one whole line is lost again
    lines = result.summary.lines;
  }
  const { sessions, checkpoints } = verifyLedger(await filesOf(folder)).summary;
  expect(sessions).toBeGreaterThan(RUNS / 2); // a kill may come before the first checkpoint
  expect(checkpoints).toBeGreaterThan(RUNS);
});
