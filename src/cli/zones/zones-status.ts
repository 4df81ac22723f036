import { existsSync } from "node:fs";
import { join } from "node:path";
import { CamfenceError } from "../../core/errors.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { repositoryStatus } from "./zones-repository-status.ts";
import { storeStatus } from "./zones-store-status.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence zones status DIR

Of a repository: what it publishes, which keys sign for what, and when something expires. Of a vehicle's zone store: what
is in force, since when and from whom, and how old it is.

  --max-age-days N     age from which zones reach farther (default 30, as in the daemon's configuration)
  --close-age-days N   age from which every frame is dropped (default 60)
  --json               one JSON document on stdout

Example: camfence zones status /var/lib/camfence/zones

Exit code: 0 good, 1 something is expired, or the vehicle's set is old, torn or not there, 2 wrong usage.
`;

const OPTIONS = {
  "max-age-days": { type: "string" },
  "close-age-days": { type: "string" },
  json: { type: "boolean" },
} as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0 || !existsSync(folder))
    throw new CamfenceError(
      "usage",
      `got ${folder ?? "no folder"}, expected a repository or a zone store; see --help`,
    );
  const isStore = existsSync(join(folder, "sets"));
  const json = values.json === true;
  return isStore ? storeStatus(folder, { ...values, json }, io) : repositoryStatus(folder, json, io);
});
