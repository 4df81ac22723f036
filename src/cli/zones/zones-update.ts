import * as z from "zod";
import { CamfenceError } from "../../core/errors.ts";
import { formatIso } from "../../core/time.ts";
import { freshnessAt } from "../../zones/update/freshness.ts";
import { openUpdateParts } from "../../zones/update/open-updates.ts";
import { ownStore } from "../../zones/update/own-store.ts";
import { ZoneUpdatePolicy } from "../../zones/update/policy.ts";
import { trustedMs } from "../../zones/update/trusted-time.ts";
import { storedSet, updateOnce } from "../../zones/update/update-once.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence zones update --url URL --root FILE --area AREA --store DIR

Asks a repository once, as a vehicle does, and stores a newer zone set where there is one; the daemon does the same all
the time, and then has the store to itself. What is in force is always a whole set: the new one, or the one before.

  --url URL         the repository, which has metadata/ and targets/
  --root FILE       the root metadata that came with the vehicle
  --area AREA       whose zones, such as cn
  --store DIR       what is in force, and what is trusted
  --vehicle ID      this vehicle's id, for canary groups
  --identity FILE   age identities that open encrypted sets
  --ca FILE         certificates (PEM) to trust instead of the system's
  --json            one JSON document on stdout

Example: camfence zones update --url https://zones.example/ --root 1.root.json --area cn --store /var/lib/camfence/zones

Exit code: 0 the stored set is the newest, 1 it is not (the reason is told, and what was in force stays), 2 wrong usage.
`;

const OPTIONS = {
  url: { type: "string" },
  root: { type: "string" },
  area: { type: "string" },
  store: { type: "string" },
  vehicle: { type: "string" },
  identity: { type: "string" },
  ca: { type: "string" },
  json: { type: "boolean" },
} as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values } = parseOptions(args, OPTIONS);
  const { url, root: rootFile, area, store, vehicle, identity, ca } = values;
  const policy = checked({ url, rootFile, area, store, vehicle, identityFile: identity, caFile: ca });
  const sole = await ownStore(policy.store);
  try {
    return await update(policy, values.json === true, io);
  } finally {
    await sole.release();
  }
});

async function update(policy: ZoneUpdatePolicy, json: boolean, io: Io): Promise<ExitCode> {
  const parts = await openUpdateParts(policy);
  const nowMs = trustedMs(io.nowMs(), await parts.store.floor());
  const before = await storedSet(parts, nowMs);
  const updated = await updateOnce(parts, before, nowMs);
  const { origin } = updated.kind === "installed" ? updated.inForce : (before ?? missing());
  const { confirmedMs } = updated;
  const { phase } = freshnessAt(nowMs, { expiresMs: origin.expiresMs, confirmedMs }, policy);
  io.stdout(
    json
      ? `${JSON.stringify({ outcome: updated.kind, phase, confirmed: formatIso(confirmedMs), ...origin })}\n`
      : `${updated.kind}: ${origin.target} issued ${formatIso(origin.issuedMs)}, set ${origin.setHash.slice(0, 16)}, ${phase}\n`,
  );
  return 0;
}

function missing(): never {
  throw new CamfenceError("fault", "current, but nothing is stored");
}

function checked(given: Readonly<Record<string, string | undefined>>): ZoneUpdatePolicy {
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const parsed = ZoneUpdatePolicy.safeParse(named);
  if (parsed.success) return parsed.data;
  throw new CamfenceError("usage", `${z.prettifyError(parsed.error).replaceAll("\n", " ")}; see --help`);
}
