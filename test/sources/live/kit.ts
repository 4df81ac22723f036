import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { SchedulerLike } from "rxjs";
import { asyncScheduler } from "rxjs";
import type { Fix, GnssReport } from "../../../src/sources/fix.ts";
import type { Receiver, ReceiverHealth } from "../../../src/sources/live/receiver.ts";
import { sentence } from "../receiver.ts";

const LIMIT_MS = 30_000;

/** Before every time that a receiver may say, so that no report is late. */
export const LONG_AGO: SchedulerLike = Object.assign(Object.create(asyncScheduler) as SchedulerLike, {
  now: () => 0,
});

/** Whether a tool is installed; says so where it is not. */
export function hasTool(name: string, ...args: readonly string[]): boolean {
  const found = spawnSync(name, args, { timeout: LIMIT_MS }).error === undefined;
  if (!found) process.stderr.write(`tests: ${name} is not installed, tests with it are skipped\n`);
  return found;
}

/** A process that is killed by `stop`, or after 60 s. */
export function background(
  command: string,
  args: readonly string[],
): ChildProcess & { stop(): Promise<void> } {
  const child = spawn(command, args, { timeout: 60_000, killSignal: "SIGKILL" });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await closed;
  };
  return Object.assign(child, { stop });
}

export interface Listening {
  readonly reports: readonly GnssReport[];
  readonly health: readonly ReceiverHealth[];
  readonly fixes: () => readonly Fix[];
  /** Waits until it holds, polling; fails after 30 s. */
  until(what: string, holds: () => boolean): Promise<void>;
  /** Whether the reports have completed or failed. */
  readonly over: () => "completed" | "failed" | null;
  stop(): void;
}

export function listen(receiver: Receiver): Listening {
  const reports: GnssReport[] = [];
  const health: ReceiverHealth[] = [];
  let over: "completed" | "failed" | null = null;
  const watching = receiver.health.subscribe((state) => health.push(state));
  const reading = receiver.reports.subscribe({
    next: (report) => reports.push(report),
    error: () => (over = "failed"),
    complete: () => (over = "completed"),
  });
  return {
    reports,
    health,
    fixes: () => reports.filter((report): report is Fix => report.quality !== "none"),
    over: () => over,
    async until(what, holds) {
      const endMs = Date.now() + LIMIT_MS;
      while (!holds()) {
        if (Date.now() > endMs)
          throw new Error(`not within ${LIMIT_MS} ms: ${what}; ${JSON.stringify(health.slice(-3))}`);
        await sleep(5);
      }
    },
    stop() {
      reading.unsubscribe();
      watching.unsubscribe();
    },
  };
}

export async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

export interface TestServer {
  readonly port: number;
  /** The clients that are connected now. */
  readonly clients: ReadonlySet<Socket>;
  /** How many have ever connected. */
  readonly connections: () => number;
  send(text: string | Uint8Array): void;
  /** What the clients have sent. */
  readonly heard: () => string;
  cut(): void;
  close(): Promise<void>;
}

/** A server that says nothing by itself, on a free port or the given one. */
export async function serve(port = 0, greeting = ""): Promise<TestServer> {
  const clients = new Set<Socket>();
  let connections = 0;
  let heard = "";
  const server: Server = createServer((socket) => {
    connections += 1;
    clients.add(socket);
    socket.on("data", (data) => (heard += data.toString("latin1")));
    socket.on("close", () => clients.delete(socket)).on("error", () => clients.delete(socket));
    socket.write(greeting);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const cut = () => {
    for (const socket of clients) socket.destroy();
    clients.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    clients,
    connections: () => connections,
    heard: () => heard,
    send: (text) => clients.forEach((socket) => socket.write(text)),
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const VERSION = { class: "VERSION", release: "3.22", rev: "3.22", proto_major: 3, proto_minor: 14 };
export const GREETING = `${JSON.stringify(VERSION)}\r\n`;

/** A TPV of the given time, 20 m farther east each second. */
export function tpv(timeMs: number, changes: object = {}): string {
  const record = {
    class: "TPV",
    device: "/dev/ttyS0",
    mode: 3,
    time: new Date(timeMs).toISOString(),
    lat: 48.1173,
    lon: 11.522 + timeMs / 1000 / 4000 / 1e6,
    speed: 0.5,
    eph: 4,
    ...changes,
  };
  return `${JSON.stringify(record)}\r\n`;
}

/** RMC and GGA of a time, of a talker. */
export function rmcGga(timeMs: number, talker = "GP", quality = 1): string {
  const iso = new Date(timeMs).toISOString();
  const clock = iso.slice(11, 23).replaceAll(":", "");
  const date = `${iso.slice(8, 10)}${iso.slice(5, 7)}${iso.slice(2, 4)}`;
  const place = "4807.0380,N,01131.3240,E";
  const rmc = sentence(`${talker}RMC,${clock},A,${place},1.0,84.4,${date},,,A`);
  return `${rmc}\r\n${sentence(`${talker}GGA,${clock},${place},${quality},08,0.9,545.4,M,46.9,M,,`)}\r\n`;
}
