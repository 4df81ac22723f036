import { CamfenceError } from "../../core/errors.ts";
import { changeKeys, keysOf, rolesWith } from "../../zones/rollout/change-keys.ts";
import { TOP_LEVEL } from "../../zones/rollout/draft.ts";
import type { Published } from "../../zones/rollout/published.ts";
import { release } from "../../zones/rollout/release.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { SIGNING_HELP, SIGNING_OPTIONS, publishedIn, signingOptions } from "./zones-rollout-options.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence zones revoke KEY --repo DIR --keys PATH

Takes a key's trust away in every role that has it, without a new one in its place: for a key that was lost or stolen, of
a role that has more keys than must sign. Of others: rotate-key. KEY is the beginning of its id (\`zones status\` lists
them). Vehicles know it from their next update on.

${SIGNING_HELP}
Example: camfence zones revoke 3f7a91 --repo repo --keys keys/online --keys /media/stick/root
`;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, SIGNING_OPTIONS);
  const [text, ...more] = positionals;
  if (text === undefined || more.length > 0) throw new CamfenceError("usage", "expected one key; see --help");
  const options = await signingOptions(values, io);
  let published = await publishedIn(options);
  const key = keyOf(published, text);
  const roles = rolesWith(published, key);
  // The revoked key must not be needed to take its own trust away, so all are planned before the first is done.
  let planned = published;
  for (const role of roles) planned = changeKeys(planned, { role, remove: [key], add: [] }, options);
  const signers = new Map([...options.signers].filter(([id]) => id !== key || roles.includes("root")));
  for (const role of roles) {
    const next = changeKeys(published, { role, remove: [key], add: [] }, options);
    published = await release(published, next, { ...options, signers });
  }
  const rootVersion = published.root.version;
  io.stdout(
    values.json === true
      ? `${JSON.stringify({ revoked: key, roles, rootVersion })}\n`
      : `key ${key.slice(0, 12)} is revoked for ${roles.join(", ")}; root ${rootVersion}\n`,
  );
  return 0;
});

function keyOf(published: Published, text: string): string {
  const roles = [...TOP_LEVEL, ...published.areas.keys()];
  const ids = roles.flatMap((role) => keysOf(published, role).keys.map(({ keyID }) => keyID));
  const [id, ...more] = new Set(ids.filter((one) => one.startsWith(text)));
  if (id !== undefined && more.length === 0) return id;
  const found = id === undefined ? "no key" : `${1 + more.length} keys`;
  throw new CamfenceError(
    "usage",
    `got "${text}", which is ${found} of the repository, expected one; see zones status`,
  );
}
