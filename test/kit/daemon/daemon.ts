import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { inProcess, tempDir } from "../cli.ts";
import { run as init } from "../../../src/cli/init.ts";

/** Nobody has the private half. */
export const RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

/** A folder as `camfence init` makes it, with a configuration and zone files of the test's. */
export async function vehicleFolder(
  config: Readonly<Record<string, unknown>>,
  zoneFiles: Readonly<Record<string, unknown>>,
): Promise<string> {
  const folder = join(tempDir(), "vehicle");
  await inProcess(init, folder);
  mkdirSync(join(folder, "zones"), { recursive: true });
  for (const [name, content] of Object.entries(zoneFiles)) {
    writeFileSync(
      join(folder, "zones", name),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }
  const storage = {
    vehicle: "test-1",
    folder: "data",
    deviceKey: { file: "device.key" },
    ledgerKey: { file: "ledger.key" },
    holdRecipient: RECIPIENT,
    ...(config["storage"] as object | undefined),
  };
  const whole = { zones: { paths: ["zones"], settleMs: 100 }, metrics: { port: 0 }, ...config, storage };
  writeFileSync(join(folder, "camfence.yaml"), stringify(whole));
  return folder;
}

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface Daemon {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly url: string;
  /** All that it logged so far. */
  readonly log: readonly LogLine[];
  readonly stderr: () => string;
  health(): Promise<{
    readonly status: string;
    readonly why: readonly string[];
    readonly [key: string]: unknown;
  }>;
  metrics(): Promise<string>;
  /** Resolves with the first line, from now or before, that `matches`. */
  logged(matches: (line: LogLine) => boolean, withinMs?: number): Promise<LogLine>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

const { NICE } = process.env;
const nice = NICE === undefined ? [] : ["nice", "-n", NICE];

/** Runs the built daemon as a process until it guards. Rejects with what it said when it ends before. */
export async function startDaemon(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
  stdin: "ignore" | "pipe" = "ignore",
  command: readonly string[] = [process.execPath, "dist/camfence.js"],
): Promise<Daemon> {
  const args = [...command, "run", "--config", join(folder, "camfence.yaml")];
  // On a machine that others use, NICE=-15 gives it and its ffmpegs their share.
  const [program = "", ...given] = [...nice, ...args];
  const child = spawn(program, given, {
    stdio: [stdin, "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  const log: LogLine[] = [];
  const waiting = new Set<() => void>();
  let rest = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) log.push(JSON.parse(line) as LogLine);
    for (const look of waiting) look();
  });
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));

  function logged(matches: (line: LogLine) => boolean, withinMs = 30_000): Promise<LogLine> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = log.find(matches);
        if (found === undefined) return;
        waiting.delete(look);
        clearTimeout(limit);
        resolve(found);
      };
      const fail = (why: string): void => {
        waiting.delete(look);
        clearTimeout(limit);
        reject(new Error(`${why}\n${stderr}\n${log.map((line) => JSON.stringify(line)).join("\n")}`));
      };
      const limit = setTimeout(() => fail("not logged in time"), withinMs);
      waiting.add(look);
      void ended.then(() => fail("the daemon ended"));
      look();
    });
  }

  const guarding = await logged(({ msg }) => msg === "guarding");
  const url = String(guarding["status"]);
  return {
    child,
    pid: child.pid ?? -1,
    url,
    log,
    stderr: () => stderr,
    health: async () =>
      (await (await fetch(`${url}/health`)).json()) as Awaited<ReturnType<Daemon["health"]>>,
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    logged,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** Prometheus' text format, strictly: every line is a comment or `name{labels} value`. */
export function parseMetrics(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("# HELP ") || line.startsWith("# TYPE ")) continue;
    const [, name, value] = SAMPLE.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`no sample: ${line}`);
    if (samples.has(name)) throw new Error(`twice: ${name}`);
    samples.set(name, value === "+Inf" ? Infinity : Number(value));
  }
  return samples;
}

// `Nan`: Prometheus reads numbers as Go does, whatever the case; prom-client writes it so.
const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*\})?) (-?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|Inf|Na[Nn])|\+Inf)$/;

/** The sum of all samples whose name and labels begin or contain so. */
export function sumOf(samples: ReadonlyMap<string, number>, name: string, label = ""): number {
  let sum = 0;
  for (const [key, value] of samples) {
    if ((key === name || key.startsWith(`${name}{`)) && key.includes(label)) sum += value;
  }
  return sum;
}
