import { generateKeyPairSync } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { createCentreKey } from "../../upload/ingest/centre-key.ts";
import { formatPublicKey } from "../../upload/keys.ts";
import { RegionId } from "../../upload/receipt.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence ingest keygen --region ID --out DIR

Makes the two keys of a region's data centre: ID.age-key, which opens segments (also with the age command), and
ID.receipt-key, which signs receipts. Prints what the vehicles' configuration says of the region. No file is
overwritten. Keep both files where only the data centre can read them.

  --json   one JSON document on stdout

Example: camfence ingest keygen --region cn --out keys
`;

const OPTIONS = {
  region: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean" },
} as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values } = parseOptions(args, OPTIONS);
  const region = RegionId.safeParse(values.region).data;
  if (region === undefined || values.out === undefined)
    throw new CamfenceError("usage", "expected --region ID and --out DIR; see --help");
  const centre = await createCentreKey(region);
  const { privateKey } = generateKeyPairSync("ed25519");
  await mkdir(values.out, { recursive: true });
  await writeNew(join(values.out, `${region}.age-key`), centre.text);
  const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  await writeNew(join(values.out, `${region}.receipt-key`), pem);
  const publicHalf = { id: region, recipient: centre.recipient, receiptKey: formatPublicKey(privateKey) };
  io.stdout(values.json === true ? `${JSON.stringify(publicHalf)}\n` : configLines(publicHalf));
  return 0;
});

interface PublicHalf {
  readonly id: string;
  readonly recipient: string;
  readonly receiptKey: string;
}

function configLines({ id, recipient, receiptKey }: PublicHalf): string {
  return [
    "regions:",
    `  - id: ${id}`,
    "    endpoint: https://…",
    `    recipient: ${recipient}`,
    `    receiptKey: ${receiptKey}`,
    "",
  ].join("\n");
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw new CamfenceError("unreadable", `cannot write a new file: ${messageOf(cause)}`, {
      file: path,
      cause,
    });
  }
}
