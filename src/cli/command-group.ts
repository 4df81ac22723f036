import { CamfenceError } from "../core/errors.ts";
import type { Command } from "./io.ts";

/** Several commands under one name, such as `camfence zones check`. Throws a `usage` error for any other. */
export function commandGroup(
  group: string,
  help: string,
  commands: Readonly<Record<string, Command>>,
): Command {
  return async (args, io) => {
    const [name = "", ...rest] = args;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command !== undefined) return command(rest, io);
    if (name !== "--help" && name !== "-h") throw unknown(group, name, Object.keys(commands));
    io.stdout(help);
    return 0;
  };
}

function unknown(group: string, name: string, known: readonly string[]): CamfenceError {
  const got = name === "" ? "no command" : `command ${name}`;
  return new CamfenceError("usage", `${group}: got ${got}, expected one of ${known.join(", ")}`);
}
