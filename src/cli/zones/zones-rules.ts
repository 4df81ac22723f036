import { CamfenceError } from "../../core/errors.ts";
import { RULES } from "../../zones/check/all-rules.ts";
import type { Rule } from "../../zones/check/rule.ts";
import { SOURCE_RULES } from "../../zones/convert/all-source-rules.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence zones rules [ID…]

Lists the rules of zones check, and those of zones convert about its sources: what each asks for, and what to
do where it is broken. Warnings do not keep a set from loading.

  --json    as a list of objects
  --help    this text

Example: camfence zones rules ring-open
`;

const OPTIONS = { json: { type: "boolean" } } as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  io.stdout(values.json ? jsonOf(chosen(positionals)) : textOf(chosen(positionals)));
  return 0;
});

function chosen(ids: readonly string[]): readonly Rule[] {
  const all = [...RULES, ...SOURCE_RULES];
  const unknown = ids.find((id) => !all.some((rule) => rule.id === id));
  if (unknown === undefined) return ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id));
  throw new CamfenceError("usage", `got ${unknown}, expected the id of a rule; zones rules lists them all`);
}

const textOf = (rules: readonly Rule[]) =>
  rules
    .map(({ id, severity, asks, remedy }) => `${id} (${severity})\n  ${asks}\n  What to do: ${remedy}.\n`)
    .join("");

const jsonOf = (rules: readonly Rule[]) =>
  `${JSON.stringify(
    rules.map(({ id, severity, asks, remedy }) => ({ id, severity, asks, remedy })),
    null,
    2,
  )}\n`;
