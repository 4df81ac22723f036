import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { generateSigningKey } from "../audit/signing-key.ts";
import { CamfenceError, messageOf } from "../core/errors.ts";
import { parseOptions } from "./arguments.ts";
import type { ExitCode, Io } from "./io.ts";
import { SAMPLE_CONFIG } from "./run/sample-config.ts";
import { unitFile } from "./run/unit-file.ts";
import { withHelp } from "./with-help.ts";

const HELP = `camfence init [DIR]

Writes what \`camfence run\` needs into a new or empty-handed folder (@default .): camfence.yaml with every setting explained,
device.key, ledger.key with its public half ledger.pub, camfence.service for systemd, and an empty folder for zone files.
Nothing that is there is overwritten. The gate stays closed until there are zones.

Example: camfence init vehicle && cp fleet/*.geojson vehicle/zones/ && camfence run --config vehicle/camfence.yaml --check
`;

const OPTIONS = { json: { type: "boolean" } } as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const [dir = ".", ...more] = positionals;
  if (more.length > 0)
    throw new CamfenceError("usage", `got ${positionals.length} folders, expected one; see --help`);
  const files = await writeFolder(resolve(dir));
  io.stdout(values.json === true ? `${JSON.stringify({ files })}\n` : `${files.join("\n")}\n`);
  return 0;
});

const SECRET = 0o600;
const OPEN = 0o644;

async function writeFolder(folder: string): Promise<readonly string[]> {
  const ledger = generateSigningKey();
  await attempt(folder, () => mkdir(join(folder, "zones"), { recursive: true }));
  const contents = [
    ["camfence.yaml", SAMPLE_CONFIG, OPEN],
    ["device.key", `${randomBytes(32).toString("hex")}\n`, SECRET],
    ["ledger.key", ledger.privatePem, SECRET],
    ["ledger.pub", ledger.publicPem, OPEN],
    ["camfence.service", unitFile(folder, "/usr/bin/camfence"), OPEN],
  ] as const;
  for (const [name, text, mode] of contents) {
    await attempt(join(folder, name), () => writeFile(join(folder, name), text, { flag: "wx", mode }));
  }
  return contents.map(([name]) => join(folder, name));
}

async function attempt(path: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw new CamfenceError("unreadable", `cannot write anew: ${messageOf(cause)}`, { file: path, cause });
  }
}
