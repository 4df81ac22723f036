import type { Metadata, MetaFile, Targets } from "@tufjs/models";
import { encodeName } from "../repository.ts";
import { UpdateError } from "../update-error.ts";
import { LIMITS } from "./limits.ts";
import { expiresMs, parseTargets } from "./parse-metadata.ts";
import type { Trusted, TufPorts } from "./refresh.ts";
import { checkFile } from "./update-snapshot.ts";
import { verifyRole } from "./verify-role.ts";
import type { RoleKeys } from "./verify-role.ts";

/** TUF 5.6: the targets metadata of a role as the snapshot names it, stored. */
export async function updateTargets(
  ports: TufPorts,
  { root, snapshot }: Pick<Trusted, "root" | "snapshot">,
  role: string,
  by: RoleKeys,
): Promise<Metadata<Targets>> {
  const { store, repository } = ports;
  const file = `${role}.json`;
  const meta = Object.hasOwn(snapshot.signed.meta, file) ? snapshot.signed.meta[file] : undefined;
  if (meta === undefined) throw new UpdateError("malformed", `the snapshot does not name ${file}`);
  const stored = await store.read(role);
  const local = stored === null ? null : soundOrNull(stored, role, by, meta);
  if (local !== null) {
    await checkFreeze(ports, role, local);
    return local;
  }
  const name = `${encodeName(role)}.json`;
  const path = root.signed.consistentSnapshot ? `${meta.version}.${name}` : name;
  const answer = await repository.metadata(path, meta.length ?? LIMITS.targetsBytes);
  if (answer.kind !== "got") throw new UpdateError("not-found", `the repository has no ${path}`);
  const targets = verify(answer.bytes, role, by, meta);
  await checkFreeze(ports, role, targets);
  await store.write(role, answer.bytes);
  return targets;
}

function verify(bytes: Buffer, role: string, by: RoleKeys, meta: MetaFile): Metadata<Targets> {
  checkFile(role, bytes, meta);
  const targets = parseTargets(bytes, role);
  verifyRole(role, by, targets);
  const { version } = targets.signed;
  // 5.6.4
  if (version === meta.version) return targets;
  throw new UpdateError(
    "mismatch",
    `${role}: got version ${version}, expected ${meta.version} as the snapshot says`,
  );
}

function soundOrNull(bytes: Buffer, role: string, by: RoleKeys, meta: MetaFile): Metadata<Targets> | null {
  try {
    return verify(bytes, role, by, meta);
  } catch {
    return null; // torn, of an earlier version, or of keys that were rotated
  }
}

/** 5.6.5 */
async function checkFreeze({ store, nowMs }: TufPorts, role: string, targets: Metadata<Targets>) {
  if (nowMs < expiresMs(targets)) return;
  await store.raise({ spentMs: expiresMs(targets) });
  throw new UpdateError("expired", `${role} ${targets.signed.version} expired ${targets.signed.expires}`);
}
