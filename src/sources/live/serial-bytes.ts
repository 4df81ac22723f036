import { execFile } from "node:child_process";
import { constants, closeSync, openSync } from "node:fs";
import { ReadStream, isatty } from "node:tty";
import type { SchedulerLike } from "rxjs";
import { Observable, asyncScheduler, switchMap } from "rxjs";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { readableBytes } from "./readable-bytes.ts";

const STTY_TIMEOUT_MS = 5000;

export interface SerialOptions {
  /** Such as `/dev/ttyACM0`, or better a name of /dev/serial/by-id that stays when devices are plugged in anew. */
  readonly path: string;
  readonly baud: number;
  readonly maxBytesPerS: number;
}

/**
 * The bytes of a serial line: set to raw by `stty` (coreutils or busybox), then read without blocking. Fails when the
 * device is missing, is none, or goes away.
 */
export function serialBytes(
  { path, baud, maxBytesPerS }: SerialOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<Uint8Array> {
  return setRaw(path, baud).pipe(switchMap(() => readableBytes(openTerminal(path), maxBytesPerS, scheduler)));
}

/** `clocal` does not wait for a modem, `-hupcl` keeps receivers powered by the line from starting anew. */
function setRaw(path: string, baud: number): Observable<void> {
  const settings = ["-F", path, String(baud), "raw", "-echo", "cs8", "-parenb", "-cstopb"];
  const lines = ["clocal", "-crtscts", "-ixon", "-ixoff", "-hupcl"];
  return new Observable((subscriber) => {
    const child = execFile(
      "stty",
      [...settings, ...lines],
      { timeout: STTY_TIMEOUT_MS, killSignal: "SIGKILL" },
      (error, _, stderr) => {
        if (error !== null) subscriber.error(notSet(path, stderr.trim() || messageOf(error)));
        subscriber.next();
        subscriber.complete();
      },
    );
    return () => child.kill("SIGKILL");
  });
}

function openTerminal(path: string): ReadStream {
  const { O_RDONLY, O_NOCTTY, O_NONBLOCK } = constants;
  const fd = openSync(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
  if (isatty(fd)) return new ReadStream(fd);
  closeSync(fd);
  throw notSet(path, "is no terminal");
}

function notSet(path: string, why: string): CamfenceError {
  return new CamfenceError("unreadable", `${path}: cannot be read as a serial line: ${why}`, { file: path });
}
