import type { Metadata, Root } from "@tufjs/models";
import { UpdateError } from "../update-error.ts";
import type { TufPorts } from "./refresh.ts";
import { LIMITS } from "./limits.ts";
import { expiresMs, parseRoot } from "./parse-metadata.ts";
import { keysOfTopLevel, verifyRole } from "./verify-role.ts";

/** TUF 5.3: from the trusted root to the newest, one version after the other, each signed by the one before and itself. */
export async function updateRoot(ports: TufPorts): Promise<Metadata<Root>> {
  const { store, repository, nowMs } = ports;
  let root = await trustedRoot(ports);
  for (let i = 0; i < LIMITS.rootRotations; i++) {
    const version = root.signed.version + 1;
    const answer = await repository.metadata(`${version}.root.json`, LIMITS.rootBytes);
    if (answer.kind !== "got") break;
    const next = parseRoot(answer.bytes);
    verifyRole("root", keysOfTopLevel(root, "root"), next);
    verifyRole("root", keysOfTopLevel(next, "root"), next);
    // 5.3.5, rollback
    if (next.signed.version !== version)
      throw new UpdateError("rollback", `root: got version ${next.signed.version}, expected ${version}`);
    await store.raise({ root: version });
    await store.write("root", answer.bytes);
    root = next;
  }
  const { root: floor } = await store.floor();
  if (root.signed.version < floor)
    throw new UpdateError("rollback", `root: got version ${root.signed.version}, expected at least ${floor}`);
  // 5.3.10, freeze. Only the last one counts.
  if (!(nowMs < expiresMs(root))) {
    await store.raise({ spentMs: expiresMs(root) });
    throw new UpdateError("expired", `root ${root.signed.version} expired ${root.signed.expires}`);
  }
  return root;
}

/** The stored root, or the one that came with the vehicle where that is newer or the stored one is torn. */
async function trustedRoot({ store, initialRoot }: TufPorts): Promise<Metadata<Root>> {
  const given = initialRoot === undefined ? null : selfSigned(initialRoot);
  const bytes = await store.read("root");
  const stored = bytes === null ? null : given === null ? selfSigned(bytes) : soundOrNull(bytes);
  if (given !== null && (stored === null || stored.signed.version < given.signed.version)) return given;
  if (stored === null) throw new UpdateError("store", "no trusted root, expected one from `init`");
  return stored;
}

function selfSigned(bytes: Buffer): Metadata<Root> {
  const root = parseRoot(bytes);
  verifyRole("root", keysOfTopLevel(root, "root"), root);
  return root;
}

function soundOrNull(bytes: Buffer): Metadata<Root> | null {
  try {
    return selfSigned(bytes);
  } catch {
    return null; // torn: the given root leads to it again, and the floor sees that it does
  }
}
