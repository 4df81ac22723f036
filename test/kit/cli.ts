import { spawn } from "node:child_process";
import type { Command } from "../../src/cli/io.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const LIMIT_MS = 100_000;

/** Runs the built command as a process; killed after 100 s, which shows as code null. */
export async function camfence(...args: readonly string[]): Promise<CliResult> {
  const child = spawn(process.execPath, ["dist/camfence.js", ...args], {
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve) => child.on("close", resolve)),
  ]);
  return { code, stdout, stderr };
}

/** Runs a command in this process, which is faster: for long lists of inputs. */
export async function inProcess(command: Command, ...args: readonly string[]): Promise<CliResult> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(command, args, {
    stdout: (text) => out.push(text),
    stderr: (text) => err.push(text),
    interactive: false,
    colour: false,
    nowMs: () => Date.now(),
  });
  return { code, stdout: out.join(""), stderr: err.join("") };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

export function tempDir(): string {
  return mkdtempSync(join(tmpdir(), "camfence-test-"));
}

export function writeTemp(name: string, content: string | Uint8Array): string {
  const path = join(tempDir(), name);
  writeFileSync(path, content);
  return path;
}

export function jsonLines(path: string): Record<string, unknown>[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
