#!/usr/bin/env node
import { isatty } from "node:tty";
import { runCommand } from "./run-command.ts";
import { openFileSource } from "./standard-streams.ts";
import type { Command, ExitCode, Io } from "./io.ts";

/** Read only when they are called: a verdict needs no server. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  replay: async () => (await import("./replay.ts")).replay,
  simulate: async () => (await import("./simulate.ts")).simulate,
  demo: async () => (await import("./demo.ts")).demo,
  verdict: async () => (await import("./verdict.ts")).verdict,
  zones: async () => (await import("./zones.ts")).run,
  bridge: async () => {
    const { run } = await import("./bridge.ts");
    return (args, io) => run(args, { ...io, stop: stopSignal() });
  },
  filter: async () => {
    const { run } = await import("./filter.ts");
    return (args, io) => run(args, { ...io, ...recordingStreams() });
  },
  buffer: async () => {
    const { run } = await import("./buffer.ts");
    return (args, io) => run(args, io, process.env);
  },
  ingest: async () => {
    const { run } = await import("./ingest.ts");
    return (args, io) => run(args, { ...io, stop: stopSignal() });
  },
  impact: async () => {
    const { impact } = await import("./impact.ts");
    return (args, io) => impact(args, io, stopSignal);
  },
  map: async () => {
    const { run } = await import("./map.ts");
    return (args, io) => run(args, { ...io, stop: stopSignal() });
  },
  ledger: async () => (await import("./ledger.ts")).run,
  init: async () => (await import("./init.ts")).run,
  run: async () => {
    const { run } = await import("./run/run.ts");
    const { fromEvent } = await import("rxjs");
    return async (args, io) => {
      const { stdin, env: environment } = process;
      const reload = fromEvent(process, "SIGHUP");
      const code = await run(args, { ...io, stop: stopSignal(), reload, stdin, environment });
      // What was given up may still hold the process.
      setTimeout(() => process.exit(code), 200).unref();
      return code;
    };
  },
};

/** A command that serves ends in its own time; all others are ended by SIGTERM itself. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => stop.abort());
  return stop.signal;
}

/** Bytes in and out; a terminal is neither. */
function recordingStreams() {
  const { stdout } = process;
  return {
    input: isatty(0) ? null : openFileSource(0, () => process.stdin),
    output: stdout.isTTY
      ? null
      : (bytes: Uint8Array) =>
          new Promise<void>((resolve, reject) => {
            stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
          }),
  };
}

const HELP = `camfence keeps a vehicle's cameras from recording what they must not.

Zone files
  camfence zones COMMAND                  convert, check, diff, build, sign and roll out; see camfence zones --help
  camfence map ZONES…                     zone files on a map in your browser: look, find mistakes, edit
  camfence verdict --zones PATH --at LAT,LON              what would happen here, and why
  camfence impact --before ZONES --after ZONES DRIVES…    which frames a new zone set would drop, blur or release

Drives and recordings
  camfence replay DRIVE… --zones PATH…    a recorded drive through the gate: a verdict for every frame
  camfence demo DRIVE --zones PATH… --out DIR             the same, then sealed, sent, received and opened
  camfence simulate SCENARIO…             made-up drives through the gate, set against the truth
  camfence filter --zones PATH            a recording (MCAP) on stdin to stdout, without what must not be kept
  camfence bridge DRIVE --zones PATH      a drive in real time, served to Foxglove: what is released, live

In the vehicle
  camfence init [DIR]                     a commented camfence.yaml, keys and a systemd unit
  camfence run --config FILE              positions and cameras in, sealed segments out
  camfence buffer ls|verify|purge DIR     what is stored and sealed
  camfence ledger verify|summary PATH…    is the ledger as it was written, and does it add up?

In the data centre
  camfence ingest COMMAND                 receives sealed segments, lists and opens them; see camfence ingest --help

Each command has --help with an example. Exit codes: 0 fine, 1 checked and found wrong, 2 wrong usage, 3 our fault.
`;

async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    io.stdout(HELP);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return runCommand(await command(), rest, io);
  io.stderr(`camfence: got command "${name}", expected one of ${Object.keys(COMMANDS).join(", ")}\n`);
  return 2;
}

// A reader that went away (`camfence … | head`) is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 3));

process.exitCode = await main(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  interactive: process.stderr.isTTY,
  colour: process.stdout.isTTY && process.env["NO_COLOR"] === undefined,
  nowMs: () => Date.now(),
});
