import { open } from "node:fs/promises";
import { generateSigningKey, publicKeyOf } from "../../audit/signing-key.ts";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence ledger keygen FILE

Makes a key pair that signs a ledger: the private key in FILE, which only its owner may read and which stays in the
vehicle, and the public key in FILE.pub, for whoever verifies. Files that are there already are left alone.

  --json   one JSON document on stdout
  --help   this text

Example: camfence ledger keygen /etc/camfence/ledger.key

Exit code: 0 made, 2 wrong usage or a file that cannot be written.
`;

const OPTIONS = { json: { type: "boolean" } } as const;

export const keygen = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0)
    throw new CamfenceError(
      "usage",
      `got ${positionals.length} paths, expected the one of the new key; see --help`,
    );
  const { privatePem, publicPem } = generateSigningKey();
  await create(path, privatePem, 0o600);
  await create(`${path}.pub`, publicPem, 0o644);
  const { id, hex } = publicKeyOf(publicPem, path);
  const made = { keyId: id, publicKey: hex, privateFile: path, publicFile: `${path}.pub` };
  io.stdout(
    values.json === true
      ? `${JSON.stringify(made)}\n`
      : `key ${id}\n  private  ${path}\n  public   ${path}.pub\n`,
  );
  return 0;
});

async function create(path: string, text: string, mode: number): Promise<void> {
  try {
    const file = await open(path, "wx", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw new CamfenceError("unreadable", `${path}: ${messageOf(thrown)}; a key is never written over`, {
      file: path,
      cause: thrown,
    });
  }
}
