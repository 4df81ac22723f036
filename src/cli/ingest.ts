import { run as keygen } from "./ingest/ingest-keygen.ts";
import { run as list } from "./ingest/ingest-list.ts";
import { run as open } from "./ingest/ingest-open.ts";
import { run as serve } from "./ingest/ingest-serve.ts";
import type { ServingIo } from "./ingest/ingest-serve.ts";
import type { Command, ExitCode } from "./io.ts";

const COMMANDS: Readonly<Record<string, Command>> = { keygen, list, ls: list, open };

/** The `camfence ingest …` commands; without a name of one, the receiver itself. */
export async function run(args: readonly string[], io: ServingIo): Promise<ExitCode> {
  const [name = "", ...rest] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return command === undefined ? serve(args, io) : command(rest, io);
}
