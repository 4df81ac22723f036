import { parseOptions } from "../arguments.ts";
import { DEPOT_OPTIONS, openDepot } from "./ingest-depot.ts";
import type { ExitCode, Io } from "../io.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence ingest list --dir DIR | --s3 URL --bucket NAME

The segments that a data centre holds, by id: id, size, time of receipt, SHA-256.

  --json   their receipts, one a line

Example: camfence ingest list --dir segments
`;

const OPTIONS = {
  ...DEPOT_OPTIONS,
  json: { type: "boolean" },
} as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values } = parseOptions(args, OPTIONS);
  const depot = await openDepot(values);
  for await (const receipt of depot.receipts()) {
    const { id, bytes, time, sha256 } = receipt;
    io.stdout(
      values.json === true ? `${JSON.stringify(receipt)}\n` : `${id}\t${bytes}\t${time}\t${sha256}\n`,
    );
  }
  return 0;
});
