import { Root, Targets } from "@tufjs/models";
import type { Key, TargetFile } from "@tufjs/models";
import { CamfenceError } from "../../core/errors.ts";

export const TOP_LEVEL = ["root", "targets", "snapshot", "timestamp"] as const;
export type TopLevel = (typeof TOP_LEVEL)[number];

/** A role's keys, and how many of them must sign. */
export interface RoleDraft {
  readonly keys: readonly Key[];
  readonly threshold: number;
}

/** Names of areas: no number, which JavaScript would put before the others, and nothing that a path could take ill. */
export const AREA = /^[a-z][a-z0-9-]{0,31}$/;

type Json = Parameters<typeof Root.fromJSON>[0];

/** The first root: consistent snapshots, all four roles. */
export function newRoot(roles: Readonly<Record<TopLevel, RoleDraft>>, expires: string): Root {
  const all = Object.values(roles).flatMap(({ keys }) => keys);
  const json = {
    _type: "root",
    spec_version: "1.0.31",
    version: 1,
    expires,
    consistent_snapshot: true,
    keys: Object.fromEntries(all.map((key) => [key.keyID, key.toJSON()])),
    roles: Object.fromEntries(TOP_LEVEL.map((role) => [role, roleJson(roles[role])])),
  };
  return Root.fromJSON(json);
}

/** The next root, with one role's keys changed. Keys that no role has any more are gone. */
export function nextRoot(root: Root, role: TopLevel, change: RoleDraft, expires: string): Root {
  const roles = { ...rolesOf(root), [role]: change };
  const next = newRoot(roles, expires);
  return Root.fromJSON({ ...next.toJSON(), version: root.version + 1 });
}

function rolesOf(root: Root): Readonly<Record<TopLevel, RoleDraft>> {
  const draftOf = (role: TopLevel): RoleDraft => {
    const { keyIDs = [], threshold = 1 } = root.roles[role] ?? {};
    return { threshold, keys: keyIDs.flatMap((id) => root.keys[id] ?? []) };
  };
  return {
    root: draftOf("root"),
    targets: draftOf("targets"),
    snapshot: draftOf("snapshot"),
    timestamp: draftOf("timestamp"),
  };
}

export function draftOfRoot(root: Root, role: TopLevel): RoleDraft {
  return rolesOf(root)[role];
}

function roleJson({ keys, threshold }: RoleDraft): Json {
  if (threshold > keys.length || threshold < 1)
    throw new CamfenceError(
      "usage",
      `got a threshold of ${threshold} for ${keys.length} keys, expected one of 1 to ${keys.length}`,
    );
  return { keyids: keys.map(({ keyID }) => keyID), threshold };
}

export function newTargets(expires: string): Targets {
  return new Targets({ version: 1, specVersion: "1.0.31", expires });
}

/** The next version of a role's targets. */
export function nextTargets(
  targets: Targets,
  change: { readonly targets?: readonly TargetFile[]; readonly areas?: ReadonlyMap<string, RoleDraft> },
  expires: string,
): Targets {
  const json = targets.toJSON();
  const listed = change.targets ?? Object.values(targets.targets);
  const areas = change.areas ?? areasOf(targets);
  return Targets.fromJSON({
    ...json,
    version: targets.version + 1,
    expires,
    targets: Object.fromEntries(listed.map((target) => [target.path, target.toJSON()])),
    ...(areas.size === 0 ? {} : { delegations: delegationsJson(areas) }),
  });
}

/** Every area may name the targets below its own name, and is the last that is asked about them. */
function delegationsJson(areas: ReadonlyMap<string, RoleDraft>): Json {
  const keys = [...areas.values()].flatMap((area) => area.keys);
  return {
    keys: Object.fromEntries(keys.map((key) => [key.keyID, key.toJSON()])),
    roles: [...areas].map(([name, draft]) => ({
      name,
      terminating: true,
      paths: [`${name}/*`],
      ...roleJson(draft),
    })),
  };
}

/** The areas that targets metadata delegates to. */
export function areasOf({ delegations }: Targets): ReadonlyMap<string, RoleDraft> {
  const roles = Object.values(delegations?.roles ?? {});
  return new Map(
    roles.map(({ name, keyIDs, threshold }) => [
      name,
      { threshold, keys: keyIDs.flatMap((id) => delegations?.keys[id] ?? []) },
    ]),
  );
}
