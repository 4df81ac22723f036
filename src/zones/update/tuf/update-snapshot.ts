import type { Metadata, MetaFile, Root, Snapshot, Timestamp } from "@tufjs/models";
import { messageOf } from "../../../core/errors.ts";
import { UpdateError } from "../update-error.ts";
import { LIMITS } from "./limits.ts";
import { expiresMs, parseSnapshot } from "./parse-metadata.ts";
import type { TufPorts } from "./refresh.ts";
import { keysOfTopLevel, verifyRole } from "./verify-role.ts";

/** TUF 5.5: the snapshot that the timestamp names, stored. */
export async function updateSnapshot(
  ports: TufPorts,
  root: Metadata<Root>,
  timestamp: Metadata<Timestamp>,
): Promise<Metadata<Snapshot>> {
  const { store, repository, nowMs } = ports;
  const meta = timestamp.signed.snapshotMeta;
  const stored = await store.read("snapshot");
  const local = stored === null ? null : soundOrNull(stored, root, meta);
  if (local !== null) {
    await checkFreeze(ports, local);
    return local;
  }
  const path = root.signed.consistentSnapshot ? `${meta.version}.snapshot.json` : "snapshot.json";
  const answer = await repository.metadata(path, meta.length ?? LIMITS.snapshotBytes);
  if (answer.kind !== "got") throw new UpdateError("not-found", `the repository has no ${path}`);
  const { snapshot, signers } = verify(answer.bytes, root, meta);
  const floor = (await store.floor()).snapshot;
  if (floor !== null) checkRollback(snapshot, floor.files);
  if (nowMs < expiresMs(snapshot)) {
    const files = Object.fromEntries(
      Object.entries(snapshot.signed.meta).map(([name, file]) => [name, file.version]),
    );
    await store.raise({ snapshot: { version: snapshot.signed.version, files, signers } });
    await store.write("snapshot", answer.bytes);
  }
  await checkFreeze(ports, snapshot);
  return snapshot;
}

function verify(bytes: Buffer, root: Metadata<Root>, meta: MetaFile) {
  checkFile("snapshot", bytes, meta);
  const snapshot = parseSnapshot(bytes);
  const signers = verifyRole("snapshot", keysOfTopLevel(root, "snapshot"), snapshot);
  const { version } = snapshot.signed;
  // 5.5.4
  if (version !== meta.version)
    throw new UpdateError(
      "mismatch",
      `snapshot: got version ${version}, expected ${meta.version} as the timestamp says`,
    );
  return { snapshot, signers };
}

/** 5.5.2 and 5.6.2: length and hashes, where they are stated. */
export function checkFile(role: string, bytes: Buffer, meta: MetaFile): void {
  try {
    meta.verify(bytes);
  } catch (thrown) {
    throw new UpdateError("mismatch", `${role} ${meta.version}: ${messageOf(thrown)}`, thrown);
  }
}

function soundOrNull(bytes: Buffer, root: Metadata<Root>, meta: MetaFile): Metadata<Snapshot> | null {
  try {
    return verify(bytes, root, meta).snapshot;
  } catch {
    return null; // torn, of an earlier version, or of keys that were rotated
  }
}

/** 5.5.5: no file goes back, and none goes. */
function checkRollback({ signed }: Metadata<Snapshot>, floor: Readonly<Record<string, number>>): void {
  for (const [name, version] of Object.entries(floor)) {
    const now = Object.hasOwn(signed.meta, name) ? signed.meta[name]?.version : undefined;
    if (now !== undefined && now >= version) continue;
    throw new UpdateError(
      "rollback",
      `snapshot ${signed.version}: names ${name} ${now ?? "not at all"}, expected at least ${version}`,
    );
  }
}

/** 5.5.6 */
async function checkFreeze({ store, nowMs }: TufPorts, snapshot: Metadata<Snapshot>): Promise<void> {
  if (nowMs < expiresMs(snapshot)) return;
  await store.raise({ spentMs: expiresMs(snapshot) });
  throw new UpdateError("expired", `snapshot ${snapshot.signed.version} expired ${snapshot.signed.expires}`);
}
