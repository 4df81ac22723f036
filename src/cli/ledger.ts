import { KINDS, isError } from "../audit/finding.ts";
import { publicKeyOf } from "../audit/signing-key.ts";
import type { PublicKey } from "../audit/signing-key.ts";
import type { Verification } from "../audit/verify-ledger.ts";
import { verifyLedger } from "../audit/verify-ledger.ts";
import { CamfenceError, messageOf } from "../core/errors.ts";
import { parseOptions } from "./arguments.ts";
import { commandGroup } from "./command-group.ts";
import type { ExitCode, Io } from "./io.ts";
import { withHelp } from "./with-help.ts";
import { readLedgerFiles, readNamed } from "./ledger/ledger-files.ts";
import { keygen } from "./ledger/ledger-keygen.ts";
import { findingLines, ledgerTable, verdictLine } from "./ledger/ledger-table.ts";

const HELP = `camfence ledger COMMAND

  verify PATH…    is the ledger as it was written, whole, signed, and does it add up?
  summary PATH…   what it tells: frames by reason and camera, segments by state
  keygen FILE     make the key pair that signs a ledger

PATH is a ledger's folder, or its files.

  --key PUBLIC    the key that must have signed it, a PEM file or 64 hex digits; may be repeated
  --head FILE     a checkpoint kept elsewhere, which the ledger must hold    [head.json beside it]
  --expect HASH   SHA-256 of a line that the ledger must hold
  --after HASH    SHA-256 of the line before the first, where earlier files are kept elsewhere
  --json          one JSON document on stdout
  --help          this text

Example: camfence ledger verify /var/lib/camfence/ledger --key ledger.key.pub

Exit code: 0 sound, 1 tampered, cut off, signed with a wrong key, or does not add up, 2 wrong usage or a file that
cannot be read.
`;

const OPTIONS = {
  key: { type: "string", multiple: true },
  head: { type: "string", multiple: true },
  expect: { type: "string", multiple: true },
  after: { type: "string" },
  json: { type: "boolean" },
} as const;

const verify = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { result, json } = await verification(args);
  if (json) io.stdout(`${JSON.stringify(documentOf(result), null, 2)}\n`);
  else {
    io.stdout(findingLines(result.findings, io.colour));
    if (result.verdict === "sound") io.stdout(ledgerTable(result.summary));
    io.stdout(verdictLine(result));
  }
  return exitCodeOf(result);
});

/** The same check as `verify`, so that nobody reads figures from a ledger that was changed without knowing. */
const summary = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { result, json } = await verification(args);
  io.stderr(findingLines(result.findings.filter(isError), false));
  const { verdict } = result;
  io.stdout(
    json ? `${JSON.stringify({ verdict, ...result.summary }, null, 2)}\n` : ledgerTable(result.summary),
  );
  return exitCodeOf(result);
});

/** The `camfence ledger …` commands. */
export const run = commandGroup("ledger", HELP, { verify, summary, keygen });

async function verification(args: readonly string[]) {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const { files, heads } = await readLedgerFiles(positionals);
  const after = values.after === undefined ? {} : { after: hashOption("after", values.after) };
  const options = {
    keys: await Promise.all((values.key ?? []).map(keyOption)),
    heads: [...heads, ...(await Promise.all((values.head ?? []).map(readNamed)))],
    hashes: (values.expect ?? []).map((text) => hashOption("expect", text)),
    ...after,
  };
  return { result: verifyLedger(files, options), json: values.json === true };
}

async function keyOption(text: string): Promise<PublicKey> {
  const isHex = /^[0-9a-f]{64}$/i.test(text);
  const key = isHex ? text : Buffer.from((await readNamed(text)).bytes).toString();
  try {
    return publicKeyOf(key, isHex ? "--key" : text);
  } catch (thrown) {
    throw new CamfenceError("usage", messageOf(thrown), { cause: thrown }); // exit code 1 is about the ledger
  }
}

function hashOption(name: string, text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new CamfenceError("usage", `--${name}: got "${text}", expected the 64 hex digits of a SHA-256`);
}

function documentOf({ verdict, findings, summary: told }: Verification) {
  const explained = findings.map((finding) => ({
    severity: isError(finding) ? "error" : "warning",
    ...finding,
    means: KINDS[finding.kind].means,
  }));
  return { verdict, findings: explained, summary: told };
}

function exitCodeOf({ verdict }: Verification): ExitCode {
  return verdict === "sound" ? 0 : 1;
}
