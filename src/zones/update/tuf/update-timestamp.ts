import type { Metadata, Root, Timestamp } from "@tufjs/models";
import { parseIsoMs } from "../../../core/time.ts";
import type { TrustFloor } from "../trust-floor.ts";
import { UpdateError } from "../update-error.ts";
import { LIMITS } from "./limits.ts";
import { expiresMs, parseTimestamp } from "./parse-metadata.ts";
import type { TufPorts } from "./refresh.ts";
import { keysOfTopLevel, verifyRole, wouldDo } from "./verify-role.ts";

/** A member of our timestamps that TUF does not know: when it was signed. Foreign ones may do without. */
export const ISSUED = "x-camfence-issued";

/** TUF 5.4: the newest timestamp, stored; the one we have where it has not changed. */
export async function updateTimestamp(ports: TufPorts, root: Metadata<Root>): Promise<Metadata<Timestamp>> {
  const { store, repository } = ports;
  const local = await localTimestamp(ports, root);
  const known = local === null ? undefined : ports.tags.get("timestamp.json");
  const answer = await repository.metadata("timestamp.json", LIMITS.timestampBytes, known);
  if (answer.kind === "not-found") throw new UpdateError("not-found", "the repository has no timestamp.json");
  const floor = await floorFor(ports, root);
  if (answer.kind === "unchanged") {
    if (local === null)
      throw new UpdateError("malformed", "timestamp: unchanged, but nothing was known of it");
    return current(ports, local);
  }
  const next = parseTimestamp(answer.bytes);
  const signers = verifyRole("timestamp", keysOfTopLevel(root, "timestamp"), next);
  checkRollback(next, floor);
  // 5.4.3.1: another of the same version is not taken.
  const isSame = local !== null && local.signed.version === next.signed.version;
  const newest = isSame ? local : next;
  await current(ports, newest);
  if (!isSame) {
    const { version, snapshotMeta } = next.signed;
    const issuedMs = issuedOf(next);
    await store.raise({ timestamp: { version, snapshot: snapshotMeta.version, issuedMs, signers } });
    await store.write("timestamp", answer.bytes);
  }
  remember(ports, answer.tag);
  return newest;
}

/** 5.4.4, freeze; its own time of signing counts, too. */
async function current({ store, nowMs }: TufPorts, timestamp: Metadata<Timestamp>) {
  if (Math.max(nowMs, issuedOf(timestamp) ?? 0) < expiresMs(timestamp)) return timestamp;
  await store.raise({ spentMs: expiresMs(timestamp) });
  const { version, expires } = timestamp.signed;
  throw new UpdateError("expired", `timestamp ${version} expired ${expires}`);
}

async function localTimestamp({ store }: TufPorts, root: Metadata<Root>) {
  const bytes = await store.read("timestamp");
  if (bytes === null) return null;
  try {
    const local = parseTimestamp(bytes);
    verifyRole("timestamp", keysOfTopLevel(root, "timestamp"), local);
    checkRollback(local, await store.floor());
    return local;
  } catch {
    return null; // torn, or of keys that were rotated
  }
}

/** The part of the floor that the keys of today still stand for; the rest is forgotten (5.3.11). */
async function floorFor({ store }: TufPorts, root: Metadata<Root>): Promise<TrustFloor> {
  const floor = await store.floor();
  const { timestamp, snapshot } = floor;
  const keepsTimestamp = timestamp !== null && wouldDo(timestamp.signers, keysOfTopLevel(root, "timestamp"));
  const keepsSnapshot = snapshot !== null && wouldDo(snapshot.signers, keysOfTopLevel(root, "snapshot"));
  if (keepsTimestamp === (timestamp !== null) && keepsSnapshot === (snapshot !== null)) return floor;
  return store.raise({
    timestamp: keepsTimestamp ? timestamp : null,
    snapshot: keepsSnapshot ? snapshot : null,
  });
}

function checkRollback({ signed }: Metadata<Timestamp>, { timestamp }: TrustFloor): void {
  if (timestamp === null) return;
  if (signed.version < timestamp.version)
    throw new UpdateError(
      "rollback",
      `timestamp: got version ${signed.version}, expected at least ${timestamp.version}`,
    );
  const { version } = signed.snapshotMeta;
  if (!(version >= timestamp.snapshot))
    throw new UpdateError(
      "rollback",
      `timestamp ${signed.version}: names snapshot ${version}, expected at least ${timestamp.snapshot}`,
    );
}

/** When it was signed, as it says, but not after its expiry; null where it does not say. */
export function issuedOf({ signed }: Metadata<Timestamp>): number | null {
  const issued = signed.unrecognizedFields[ISSUED];
  const issuedMs = typeof issued === "string" ? parseIsoMs(issued) : Number.NaN;
  return Number.isFinite(issuedMs) ? Math.min(issuedMs, Date.parse(signed.expires)) : null;
}

function remember({ tags }: TufPorts, tag: string | null): void {
  if (tag === null) tags.delete("timestamp.json");
  else tags.set("timestamp.json", tag);
}
