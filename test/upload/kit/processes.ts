import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";

const OUT = "out/upload-test";
let built: Promise<unknown> | null = null;

/** The processes of these tests, built once: real ones, which can be killed. */
function buildOnce(): Promise<unknown> {
  return (built ??= build({
    entryPoints: ["upload/kit/ingest", "upload/kit/uploader", "kit/vehicle"].map(
      (name) => `test/${name}-process.ts`,
    ),
    entryNames: "[name]",
    outdir: join(OUT, String(process.pid)),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "warning",
  }));
}

export interface Running {
  readonly child: ChildProcess;
  /** Lines of stdout as they come, parsed. */
  readonly lines: readonly Record<string, unknown>[];
  readonly stderr: () => string;
  /** Resolves with the first line that fits, also one of the past. */
  line(fits: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  /** Ends it with a signal and resolves with its exit code (null: killed). */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const LINE_LIMIT_MS = 30_000;

/** Starts one of the processes; every test ends what it started. */
export async function start(
  name: "ingest" | "uploader" | "vehicle",
  args: readonly string[],
  env: Record<string, string> = {},
) {
  await buildOnce();
  const script = join(OUT, String(process.pid), `${name}-process.mjs`);
  const child = spawn(process.execPath, ["--no-warnings", script, ...args], {
    env: { ...process.env, ...env },
  });
  const exited = once(child, "exit");
  const lines: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((look) => look());
  createInterface({ input: child.stdout }).on("line", (text) => {
    lines.push(JSON.parse(text) as Record<string, unknown>);
    wake();
  });
  let stderr = "";
  child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
  void exited.then(wake);
  const running: Running = {
    child,
    lines,
    stderr: () => stderr,
    line: (fits) =>
      new Promise((resolve, reject) => {
        const limit = setTimeout(
          () => finish(() => reject(new Error(`no such line; stderr: ${stderr}`))),
          LINE_LIMIT_MS,
        );
        const finish = (end: () => void): void => {
          clearTimeout(limit);
          waiting.delete(look);
          end();
        };
        const look = (): void => {
          const found = lines.find(fits);
          if (found !== undefined) finish(() => resolve(found));
          else if (child.exitCode !== null)
            finish(() => reject(new Error(`ended with ${child.exitCode}: ${stderr}`)));
        };
        waiting.add(look);
        look();
      }),
    async end(signal) {
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
  return running;
}

/** A receiver as a process; resolves when it listens. */
export async function startIngest(args: readonly string[], env: Record<string, string> = {}) {
  const running = await start("ingest", ["--json", ...args], env);
  const { listening } = await running.line((line) => "listening" in line);
  const url = String(listening);
  return { ...running, url, port: Number(new URL(url).port) };
}
