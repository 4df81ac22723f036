import { openUpdateParts } from "../../../../src/zones/update/open-updates.ts";
import { ZoneUpdatePolicy } from "../../../../src/zones/update/policy.ts";
import { trustedMs } from "../../../../src/zones/update/trusted-time.ts";
import type { SetInForce } from "../../../../src/zones/update/update-once.ts";
import { storedSet, updateOnce } from "../../../../src/zones/update/update-once.ts";

// A vehicle that updates without a pause, to be killed at any instant: `update-process.mjs POLICY`.
const policy = ZoneUpdatePolicy.parse(JSON.parse(process.argv[2] ?? ""));
const parts = await openUpdateParts(policy);
const nowMs = async () => trustedMs(Date.now(), await parts.store.floor());
let inForce: SetInForce | null = await storedSet(parts, await nowMs());
process.stdout.write("ready\n");
for (;;) {
  const updated = await updateOnce(parts, inForce, await nowMs());
  if (updated.kind === "installed") inForce = updated.inForce;
}
