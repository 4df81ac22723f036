import type { ExitCode, Io } from "./io.ts";

type Run<CommandIo, More extends readonly unknown[]> = (
  args: readonly string[],
  io: CommandIo,
  ...more: More
) => Promise<ExitCode>;

/** A command that answers `--help` and `-h` with its help, whatever else stands beside them, and then does nothing. */
export function withHelp<CommandIo extends Pick<Io, "stdout">, More extends readonly unknown[]>(
  help: string,
  run: Run<CommandIo, More>,
): Run<CommandIo, More> {
  return async (args, io, ...more) => {
    if (!asksForHelp(args)) return run(args, io, ...more);
    io.stdout(help);
    return 0;
  };
}

/** Behind `--`, even `--help` is the name of a file. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? args.length : end).some((arg) => arg === "--help" || arg === "-h");
}
