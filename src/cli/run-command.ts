import { CamfenceError, messageOf } from "../core/errors.ts";
import type { Command, ExitCode, Io } from "./io.ts";

/** Runs a command; an error becomes one clear line on stderr, with `--json` also an object on stdout, and an exit code. */
export async function runCommand(command: Command, args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await command(args, io);
  } catch (thrown) {
    const code = codeOf(thrown);
    const { file, line } = thrown instanceof CamfenceError ? thrown : {};
    const message = messageOf(thrown);
    if (args.includes("--json")) io.stdout(`${JSON.stringify({ error: { code, message, file, line } })}\n`);
    io.stderr(code === "fault" ? `camfence: our fault: ${stackOf(thrown)}\n` : `camfence: ${message}\n`);
    return exitCodeOf(code);
  }
}

/** What the system refuses to do with a path is no fault of ours, wherever it came up. */
function codeOf(thrown: unknown): CamfenceError["code"] {
  if (thrown instanceof CamfenceError) return thrown.code;
  return thrown instanceof Error && "syscall" in thrown && "path" in thrown ? "unreadable" : "fault";
}

function exitCodeOf(code: CamfenceError["code"]): ExitCode {
  if (code === "fault") return 3;
  return code === "usage" || code === "unreadable" ? 2 : 1;
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error && thrown.stack !== undefined ? thrown.stack : messageOf(thrown);
}
