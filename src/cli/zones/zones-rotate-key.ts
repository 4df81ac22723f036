import { join } from "node:path";
import { CamfenceError } from "../../core/errors.ts";
import { changeKeys, keysOf } from "../../zones/rollout/change-keys.ts";
import { makeKey, newKeyPath, openKey } from "../../zones/rollout/key-files.ts";
import type { Signer } from "../../zones/rollout/signer.ts";
import { release } from "../../zones/rollout/release.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { SIGNING_HELP, SIGNING_OPTIONS, publishedIn, signingOptions } from "./zones-rollout-options.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence zones rotate-key ROLE [--key ID] --repo DIR --keys PATH --out DIR

Puts a new key in the place of one of a role (root, targets, snapshot, timestamp, or an area), and signs what must be
signed by it. The keys that may say so must be in --keys: those of root, or of targets for an area.

${SIGNING_HELP}  --key ID              the key that goes, by the beginning of its id; without it, the only one
  --out DIR             where the new key goes
  --signer FILE         a key in hardware (NAME.signer.json) instead of a new one

Example: camfence zones rotate-key timestamp --repo repo --keys keys/online --keys /media/stick/root --out keys/online
`;

const OPTIONS = {
  ...SIGNING_OPTIONS,
  key: { type: "string" },
  out: { type: "string" },
  signer: { type: "string" },
} as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const [role, ...more] = positionals;
  if (role === undefined || more.length > 0)
    throw new CamfenceError("usage", "expected one role; see --help");
  const options = await signingOptions(values, io);
  const before = await publishedIn(options);
  const old = oldKey(
    role,
    values.key,
    keysOf(before, role).keys.map(({ keyID }) => keyID),
  );
  const signer = await newSigner(role, values);
  const next = changeKeys(before, { role, remove: [old], add: [signer] }, options);
  const signers = new Map([...options.signers, [signer.key.keyID, signer]]);
  const published = await release(before, next, { ...options, signers });
  const done = { role, removed: old, added: signer.key.keyID, rootVersion: published.root.version };
  io.stdout(
    values.json === true
      ? `${JSON.stringify(done)}\n`
      : `${role}: key ${short(old)} is gone, ${short(done.added)} signs; root ${done.rootVersion}\n`,
  );
  return 0;
});

const short = (id: string) => id.slice(0, 12);

function oldKey(role: string, wanted: string | undefined, ids: readonly string[]): string {
  const [id, ...more] = ids.filter((one) => one.startsWith(wanted ?? ""));
  if (id !== undefined && more.length === 0) return id;
  const list = ids.map(short).join(", ");
  throw new CamfenceError("usage", `${role} has the keys ${list}, expected --key with the beginning of one`);
}

async function newSigner(
  role: string,
  { out, signer }: { readonly out?: string | undefined; readonly signer?: string | undefined },
): Promise<Signer> {
  if (signer !== undefined) {
    const opened = await openKey(signer);
    if (opened !== null) return opened;
    throw new CamfenceError("usage", `--signer: got ${signer}, expected NAME.signer.json`);
  }
  if (out === undefined) throw new CamfenceError("usage", "expected --out DIR or --signer FILE; see --help");
  return makeKey(await newKeyPath(join(out), role));
}
