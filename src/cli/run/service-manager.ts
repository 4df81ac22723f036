import { execFile } from "node:child_process";
import type { Log } from "./log.ts";

/** Tells systemd how the service is. */
export interface ServiceManager {
  ready(status: string): void;
  stopping(): void;
  /** To be called every `watchdogMs`, and only while all is well. */
  alive(): void;
  /** How often `alive` has to be called; null where nobody waits for it. */
  readonly watchdogMs: number | null;
}

/** Far longer than it takes: a hanging one must not pile up. */
const PATIENCE_MS = 5000;

/**
 * sd_notify(3) wants a datagram on a Unix socket, which Node cannot send: systemd's own `systemd-notify` does, and the
 * unit has `NotifyAccess=all`, since it is a process of its own. Without NOTIFY_SOCKET nothing is told. Where the program
 * is absent the log says so, and a unit of `Type=notify` would wait in vain: make it `Type=exec` there.
 */
export function createServiceManager(
  environment: Readonly<Record<string, string | undefined>>,
  log: Log,
): ServiceManager {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: watchdogUs = "" } = environment;
  const notify = (...states: readonly string[]): void => {
    if (socket === undefined || socket === "") return;
    const env = { NOTIFY_SOCKET: socket };
    execFile("systemd-notify", states, { env, timeout: PATIENCE_MS, killSignal: "SIGKILL" }, (error) => {
      if (error !== null) log.warn("systemd was not told", { state: states[0] ?? "", why: error.message });
    });
  };
  const limitMs = /^\d+$/.test(watchdogUs) ? Number(watchdogUs) / 1000 : 0;
  return {
    ready: (status) => notify("READY=1", `STATUS=${status}`),
    stopping: () => notify("STOPPING=1"),
    alive: () => notify("WATCHDOG=1"),
    // A half, as sd_watchdog_enabled(3) advises.
    watchdogMs: socket !== undefined && limitMs > 0 ? limitMs / 2 : null,
  };
}
