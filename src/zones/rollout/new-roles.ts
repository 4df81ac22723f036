import { join } from "node:path";
import { CamfenceError } from "../../core/errors.ts";
import type { RoleDraft, TopLevel } from "./draft.ts";
import { TOP_LEVEL, areasOf, newRoot, newTargets, nextTargets } from "./draft.ts";
import { makeKey, newKeyPath } from "./key-files.ts";
import type { Published } from "./published.ts";
import { expiryAfter } from "./published.ts";
import type { ReleaseOptions } from "./release.ts";
import type { Signer } from "./signer.ts";

/** Roles to be, and whose keys are theirs. */
export interface NewRoles {
  readonly areas: readonly string[];
  /** The folder that new keys go to. */
  readonly keys: string;
  /** By role; absent: 2 of 3 for root, 1 of 1 for the others. */
  readonly thresholds: ReadonlyMap<string, Ratio>;
  readonly hardware: readonly HardwareKey[];
}

/** How many of how many keys must sign. */
export type Ratio = readonly [threshold: number, count: number];

/** A key that is there already, and stands for a new one. */
export interface HardwareKey {
  readonly role: string;
  readonly signer: Signer;
}

type Terms = Pick<ReleaseOptions, "nowMs" | "lifetimes">;

/** A repository that nobody has signed yet; writes the keys of its roles. */
export async function begin(wanted: NewRoles, terms: Terms): Promise<Published> {
  const drafts = new Map<TopLevel, RoleDraft>();
  for (const role of TOP_LEVEL)
    drafts.set(role, await draftOf(role, role === "root" ? "root" : "online", wanted));
  const expires = expiryAfter(terms.nowMs, terms.lifetimes.root);
  const [root, targets] = [
    newRoot(fourOf(drafts), expires),
    newTargets(expiryAfter(terms.nowMs, terms.lifetimes.targets)),
  ];
  const empty = { root, targets, areas: new Map(), snapshot: null, timestamp: null };
  return wanted.areas.length === 0 ? empty : extend(empty, wanted, terms);
}

/** A repository with more areas; writes their keys. Throws `usage` where it has one of them already. */
export async function extend(before: Published, wanted: NewRoles, terms: Terms): Promise<Published> {
  const { areas } = wanted;
  const known = areas.filter((area) => before.areas.has(area));
  if (areas.length === 0 || known.length > 0)
    throw new CamfenceError(
      "usage",
      `the repository exists${known.length > 0 ? ` and has ${known.join(", ")}` : ""}, expected --areas with new ones`,
    );
  const drafts = new Map(areasOf(before.targets));
  for (const area of areas) drafts.set(area, await draftOf(area, "areas", wanted));
  const expires = expiryAfter(terms.nowMs, terms.lifetimes.targets);
  return {
    ...before,
    targets: nextTargets(before.targets, { areas: drafts }, expires),
    areas: new Map([...before.areas, ...areas.map((area) => [area, newTargets(expires)] as const)]),
  };
}

async function draftOf(
  role: string,
  group: string,
  { keys, thresholds, hardware }: NewRoles,
): Promise<RoleDraft> {
  const [threshold, count] = thresholds.get(role) ?? (role === "root" ? [2, 3] : [1, 1]);
  const own = hardware.filter((one) => one.role === role).map(({ signer }) => signer.key);
  const folder = join(keys, group);
  while (own.length < count) own.push((await makeKey(await newKeyPath(folder, role))).key);
  return { keys: own, threshold };
}

function fourOf(drafts: ReadonlyMap<TopLevel, RoleDraft>): Readonly<Record<TopLevel, RoleDraft>> {
  const draft = (role: TopLevel) => drafts.get(role) ?? { keys: [], threshold: 1 };
  return {
    root: draft("root"),
    targets: draft("targets"),
    snapshot: draft("snapshot"),
    timestamp: draft("timestamp"),
  };
}
