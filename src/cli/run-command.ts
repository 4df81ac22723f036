import { CamfenceError, messageOf } from "../core/errors.ts";
import type { Command, ExitCode, Io } from "./io.ts";

/** Runs a command; an error becomes one clear line on stderr, with `--json` also an object on stdout, and an exit code. */
export async function runCommand(command: Command, args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await command(args, io);
  } catch (thrown) {
    const error = missingPackage(thrown) ?? thrown;
    const code = codeOf(error);
    const { file, line } = error instanceof CamfenceError ? error : {};
    const message = messageOf(error);
    if (args.includes("--json")) io.stdout(`${JSON.stringify({ error: { code, message, file, line } })}\n`);
    io.stderr(code === "fault" ? `camfence: our fault: ${stackOf(error)}\n` : `camfence: ${message}\n`);
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

/** A single executable is a module out of a data URL, which would fill the screen. */
function stackOf(thrown: unknown): string {
  const stack = thrown instanceof Error && thrown.stack !== undefined ? thrown.stack : messageOf(thrown);
  return stack.replaceAll(/data:text\/javascript;base64,[A-Za-z0-9+/=]+/g, "camfence.mjs");
}

/** A single file does not hold what has native parts, and what few need: sharp, S3, bullmq. */
function missingPackage(thrown: unknown): CamfenceError | null {
  if (!(thrown instanceof Error) || !("code" in thrown) || !NOT_THERE.includes(String(thrown.code)))
    return null;
  const [, name] = /(?:package|specifier) ['"]((?:@[^/'"]+\/)?[^/'"]+)/.exec(thrown.message) ?? [];
  if (name === undefined) return null;
  const message = `this needs the package ${name}, which a single file does not hold; npm install camfence brings it`;
  return new CamfenceError("unreadable", message, { cause: thrown });
}

const NOT_THERE: readonly string[] = ["ERR_MODULE_NOT_FOUND", "ERR_UNSUPPORTED_RESOLVE_REQUEST"];
