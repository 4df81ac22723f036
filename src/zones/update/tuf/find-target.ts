import type { Metadata, TargetFile, Targets } from "@tufjs/models";
import { LIMITS } from "./limits.ts";
import type { Trusted, TufPorts } from "./refresh.ts";
import { updateTargets } from "./update-targets.ts";
import { keysOfDelegated, keysOfTopLevel, verifyRole } from "./verify-role.ts";

/** A target, and the role that vouches for it. */
export interface FoundTarget {
  readonly target: TargetFile;
  readonly role: string;
  /** All that the role says. */
  readonly targets: Metadata<Targets>;
  /** Ids of the keys that signed it, and may. */
  readonly signers: readonly string[];
}

interface Visit {
  readonly role: string;
  /** null: the top level. */
  readonly delegator: Metadata<Targets> | null;
}

/**
 * TUF 5.6.7: looks for a target through the delegations, in the order of trust; null where nobody who may has it. A role
 * on the way that cannot be verified ends the search: it might have been the one.
 */
export async function findTarget(
  ports: TufPorts,
  trusted: Trusted,
  path: string,
): Promise<FoundTarget | null> {
  const later = { ...ports, nowMs: trusted.nowMs };
  const toVisit: Visit[] = [{ role: "targets", delegator: null }];
  const visited = new Set<string>();
  while (visited.size <= LIMITS.delegations) {
    const visit = toVisit.pop();
    if (visit === undefined) return null;
    const { role, delegator } = visit;
    if (visited.has(role)) continue;
    const by =
      delegator === null ? keysOfTopLevel(trusted.root, "targets") : keysOfDelegated(delegator, role);
    const targets = delegator === null ? trusted.targets : await updateTargets(later, trusted, role, by);
    const target = Object.hasOwn(targets.signed.targets, path) ? targets.signed.targets[path] : undefined;
    if (target !== undefined) return { target, role, targets, signers: verifyRole(role, by, targets) };
    visited.add(role);
    const { next, terminating } = delegatesOf(targets, path);
    if (terminating) toVisit.length = 0;
    toVisit.push(...next.toReversed());
  }
  return null;
}

/** Who is asked next, most trusted first; a terminating one is the last that is asked at all. */
function delegatesOf(delegator: Metadata<Targets>, path: string) {
  const next: Visit[] = [];
  for (const { role, terminating } of delegator.signed.delegations?.rolesForTarget(path) ?? []) {
    next.push({ role, delegator });
    if (terminating) return { next, terminating };
  }
  return { next, terminating: false };
}
