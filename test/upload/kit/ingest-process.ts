import { run } from "../../../src/cli/ingest.ts";
import { runCommand } from "../../../src/cli/run-command.ts";

const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
const io = {
  stdout: (text: string) => void process.stdout.write(text),
  stderr: (text: string) => void process.stderr.write(text),
  interactive: false,
  colour: false,
  nowMs: () => Date.now(),
  stop: stop.signal,
};
process.exitCode = await runCommand(run, process.argv.slice(2), io);
