import type { ExitCode, Io } from "../io.ts";

/** Runs a command within another: what it would print, and its exit code. Errors pass through. */
export async function capture(
  io: Io,
  command: (inner: Io) => Promise<ExitCode>,
): Promise<{ readonly code: ExitCode; readonly text: string }> {
  const texts: string[] = [];
  const code = await command({ ...io, colour: false, stdout: (text) => texts.push(text) });
  return { code, text: texts.join("") };
}
