import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { Readable } from "node:stream";
import type { SchedulerLike } from "rxjs";
import { Observable } from "rxjs";
import { CamfenceError } from "../../core/errors.ts";
import type { PictureFramer } from "./picture-stream.ts";
import { timingReader } from "./picture-timings.ts";
import { timedPictures } from "./timed-pictures.ts";
import type { TimedPicture } from "./timed-pictures.ts";

export interface FfmpegOptions {
  /** The program. @default "ffmpeg", found where the system keeps its commands */
  readonly program?: string;
  readonly args: readonly string[];
  readonly framer: PictureFramer;
}

/** After SIGTERM, how long ffmpeg may take to say goodbye to a camera before SIGKILL. */
const GOODBYE_MS = 500;

/** Of what ffmpeg says on stderr only the end is kept, for the message when it dies. */
const KEPT_STDERR = 2000;

/**
 * Runs ffmpeg for as long as it is subscribed to. Fails with `unreadable` when it cannot be started or dies, with its
 * last words; completes when it ends by itself. It gets no variable of our environment: keys may stand there.
 */
export function ffmpegPictures(options: FfmpegOptions, scheduler: SchedulerLike): Observable<TimedPicture> {
  return new Observable((subscriber) => {
    const { program = "ffmpeg", args, framer } = options;
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe", "pipe"], env: {} });
    const pictures = timedPictures((picture) => subscriber.next(picture));
    const readTimings = timingReader();
    let lastWords = "";

    child.on("error", (cause) => {
      subscriber.error(new CamfenceError("unreadable", `ffmpeg cannot be run: ${cause.message}`, { cause }));
    });
    pipeOf(child, 1).on("data", (chunk: Buffer) => {
      for (const piece of framer.push(chunk)) pictures.arrived(piece, scheduler.now());
    });
    pipeOf(child, 3).on("data", (chunk: Buffer) => {
      for (const timing of readTimings(chunk)) pictures.timed(timing);
    });
    pipeOf(child, 2).on("data", (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString("latin1")).slice(-KEPT_STDERR);
    });
    child.on("close", (code, signal) => {
      if (code === 0) return subscriber.complete();
      const how = signal === null ? `with ${code}` : `by ${signal}`;
      subscriber.error(new CamfenceError("unreadable", `ffmpeg ended ${how}: ${lastLine(lastWords)}`));
    });
    return () => end(child);
  });
}

function pipeOf({ stdio }: ChildProcess, descriptor: number): Readable {
  const pipe: unknown = stdio[descriptor];
  if (pipe instanceof Readable) return pipe;
  throw new CamfenceError("fault", `ffmpeg has no pipe ${descriptor}`);
}

function end(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdout?.destroy();
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), GOODBYE_MS);
  child.once("exit", () => clearTimeout(kill));
}

/** URLs may hold a password. */
function lastLine(words: string): string {
  const line = words.trimEnd().split("\n").at(-1) ?? "";
  return line === "" ? "it said nothing" : line.replaceAll(/\/\/[^/\s]*@/g, "//…@");
}
