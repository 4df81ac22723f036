import type { Key, Metadata, Root, Targets } from "@tufjs/models";
import { UpdateError } from "../update-error.ts";
import type { AnySigned } from "./parse-metadata.ts";

/** Which keys may sign for a role, and how many must. */
export interface RoleKeys {
  readonly keyIDs: readonly string[];
  readonly threshold: number;
  readonly keys: Readonly<Record<string, Key>>;
}

type TopLevel = "root" | "timestamp" | "snapshot" | "targets";

export function keysOfTopLevel(root: Metadata<Root>, role: TopLevel): RoleKeys {
  const named = root.signed.roles[role];
  if (named === undefined) throw new UpdateError("malformed", `root names no keys for ${role}`);
  return { keyIDs: named.keyIDs, threshold: named.threshold, keys: root.signed.keys };
}

/** Throws `unsigned` where the delegator does not delegate to the role. */
export function keysOfDelegated(delegator: Metadata<Targets>, role: string): RoleKeys {
  const { delegations } = delegator.signed;
  const named =
    delegations?.roles !== undefined && Object.hasOwn(delegations.roles, role)
      ? delegations.roles[role]
      : delegations?.succinctRoles?.isDelegatedRole(role) === true
        ? delegations.succinctRoles
        : undefined;
  if (delegations === undefined || named === undefined)
    throw new UpdateError("unsigned", `nobody delegates to role "${role}"`);
  return { keyIDs: named.keyIDs, threshold: named.threshold, keys: delegations.keys };
}

/** TUF 5.3.4 and following, "check for an arbitrary software attack": the ids of those who signed. Throws `unsigned`. */
export function verifyRole(role: string, by: RoleKeys, metadata: Metadata<AnySigned>): readonly string[] {
  const signers = new Map<string, string>();
  for (const id of by.keyIDs) {
    const key = Object.hasOwn(by.keys, id) ? by.keys[id] : undefined;
    // One key under several ids is one signer.
    if (key !== undefined && hasSigned(key, metadata)) signers.set(materialOf(key), id);
  }
  if (!(signers.size >= by.threshold) || signers.size === 0) {
    const { version } = metadata.signed;
    throw new UpdateError(
      "unsigned",
      `${role} ${version}: got ${signers.size} good signatures, expected ${by.threshold}`,
    );
  }
  return [...signers.values()];
}

/** Whether those who signed before would still do for the role. */
export function wouldDo(signers: readonly string[], { keyIDs, threshold }: RoleKeys): boolean {
  return signers.filter((id) => keyIDs.includes(id)).length >= threshold;
}

function hasSigned(key: Key, metadata: Metadata<AnySigned>): boolean {
  try {
    key.verifySignature(metadata);
    return true;
  } catch {
    return false; // not signed by it, or not validly
  }
}

function materialOf({ keyType, keyVal }: Key): string {
  return `${keyType} ${(keyVal["public"] ?? "").trim().toLowerCase()}`;
}
