import { CamfenceError } from "../../core/errors.ts";
import type { RoleDraft, TopLevel } from "./draft.ts";
import { TOP_LEVEL, areasOf, draftOfRoot, nextRoot, nextTargets } from "./draft.ts";
import type { Lifetimes, Published } from "./published.ts";
import { expiryAfter } from "./published.ts";
import type { Signer } from "./signer.ts";

export interface KeyChange {
  /** A top-level role or an area. */
  readonly role: string;
  /** Ids of keys whose trust ends. */
  readonly remove: readonly string[];
  readonly add: readonly Signer[];
}

/** The keys of a role. Throws a `usage` error for a role that is not there. */
export function keysOf(published: Published, role: string): RoleDraft {
  if (isTopLevel(role)) return draftOfRoot(published.root, role);
  const area = areasOf(published.targets).get(role);
  if (area !== undefined) return area;
  const roles = [...TOP_LEVEL, ...published.areas.keys()].join(", ");
  throw new CamfenceError("usage", `got role "${role}", expected one of ${roles}`);
}

export function rolesWith(published: Published, keyId: string): readonly string[] {
  return [...TOP_LEVEL, ...published.areas.keys()].filter((role) =>
    keysOf(published, role).keys.some(({ keyID }) => keyID === keyId),
  );
}

/**
 * The next state with a role's keys changed: the role that names them, and the role's own metadata, which the new keys
 * must sign. Throws `usage` where fewer keys would be left than must sign.
 */
export function changeKeys(
  published: Published,
  { role, remove, add }: KeyChange,
  { nowMs, lifetimes }: { readonly nowMs: number; readonly lifetimes: Lifetimes },
): Published {
  const { keys, threshold } = keysOf(published, role);
  const kept = keys.filter(({ keyID }) => !remove.includes(keyID));
  const draft = { threshold, keys: [...kept, ...add.map(({ key }) => key)] };
  if (draft.keys.length < threshold)
    throw new CamfenceError(
      "usage",
      `${role} would have ${draft.keys.length} keys and needs ${threshold}; use rotate-key, which makes new ones`,
    );
  const expires = expiryAfter(nowMs, lifetimes.targets);
  if (!isTopLevel(role)) {
    const areas = new Map([...areasOf(published.targets), [role, draft]]);
    const area = published.areas.get(role);
    const resigned = area === undefined ? [] : [[role, nextTargets(area, {}, expires)] as const];
    return {
      ...published,
      targets: nextTargets(published.targets, { areas }, expires),
      areas: new Map([...published.areas, ...resigned]),
    };
  }
  const root = nextRoot(published.root, role, draft, expiryAfter(nowMs, lifetimes.root));
  const targets = role === "targets" ? nextTargets(published.targets, {}, expires) : published.targets;
  return { ...published, root, targets };
}

function isTopLevel(role: string): role is TopLevel {
  return TOP_LEVEL.some((name) => name === role);
}
