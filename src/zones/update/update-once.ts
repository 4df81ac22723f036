import { createHash } from "node:crypto";
import { formatIso } from "../../core/time.ts";
import type { ZoneSet } from "../zone-set.ts";
import { refusalOf } from "../zone-set.ts";
import type { PartStore } from "./part-store.ts";
import { openSet } from "./sealed-set.ts";
import { findSet } from "./set-target.ts";
import type { SetOrigin, SetStore } from "./stored-set.ts";
import { fetchTarget } from "./tuf/fetch-target.ts";
import type { FoundTarget } from "./tuf/find-target.ts";
import type { Trusted, TufPorts } from "./tuf/refresh.ts";
import { refresh } from "./tuf/refresh.ts";
import { digestOf } from "./tuf/target-file.ts";
import { issuedOf } from "./tuf/update-timestamp.ts";
import { UpdateError } from "./update-error.ts";
import { formatOf } from "./zone-format.ts";

/** All that an update works on. */
export interface UpdateParts extends Omit<TufPorts, "nowMs"> {
  readonly sets: SetStore;
  readonly parts: PartStore;
  readonly identities: readonly string[];
  readonly area: string;
  readonly vehicle: string | undefined;
  /** What the repository is called in records. */
  readonly source: string;
}

export interface SetInForce {
  readonly set: ZoneSet;
  readonly origin: SetOrigin;
}

/** `current`: the set in force is the repository's newest. `confirmedMs`: when the repository said so, as it signed. */
export type Updated =
  | { readonly kind: "current"; readonly confirmedMs: number }
  | { readonly kind: "installed"; readonly inForce: SetInForce; readonly confirmedMs: number };

/**
 * Asks the repository once, and stores a newer set where there is one. `nowMs` is the trusted time. Rejects with
 * UpdateError; the stored set is then the one before, and nothing counts as confirmed (rule 4).
 */
export async function updateOnce(
  parts: UpdateParts,
  inForce: SetInForce | null,
  nowMs: number,
): Promise<Updated> {
  const ports = { ...parts, nowMs };
  const trusted = await refresh(ports);
  const found = await findSet(ports, trusted, parts);
  const confirmedMs = issuedOf(trusted.timestamp) ?? trusted.nowMs;
  if (inForce !== null && found.target.hashes["sha256"] === inForce.origin.sha256) {
    await parts.sets.confirm(confirmedMs);
    await parts.parts.keepOnly(null);
    return { kind: "current", confirmedMs };
  }
  const bytes = await fetchSet(found, trusted, parts);
  const set = await readSet(bytes, parts.identities, trusted.nowMs, "refuse");
  await checkNewer(set, inForce, trusted.nowMs, parts);
  const origin = originOf(found, trusted, bytes, set, parts.source);
  await parts.sets.put({ origin, bytes });
  await parts.store.raise({ setIssuedMs: set.issuedMs });
  await parts.sets.confirm(confirmedMs);
  await parts.parts.keepOnly(null);
  return { kind: "installed", inForce: { set, origin }, confirmedMs };
}

/** Only what is still coming is kept of other targets. */
async function fetchSet({ target }: FoundTarget, trusted: Trusted, parts: UpdateParts): Promise<Buffer> {
  await parts.parts.keepOnly(digestOf(target).hex.slice(0, 64));
  return fetchTarget(target, trusted, parts);
}

/** A set from a target's bytes. Rejects with UpdateError; no message names a coordinate. */
export async function readSet(
  bytes: Buffer,
  identities: readonly string[],
  nowMs: number,
  expired: "refuse" | "accept",
): Promise<ZoneSet> {
  const opened = await openSet(bytes, identities);
  const set = formatOf(opened).load(opened, { nowMs, expired });
  if (expired === "accept" || nowMs < set.expiresMs) return set;
  throw new UpdateError("zones-invalid", `the set expired ${formatIso(set.expiresMs)}`);
}

/** Rule 4, in force or not: the floor knows sets that were lost. */
async function checkNewer(set: ZoneSet, inForce: SetInForce | null, nowMs: number, { store }: UpdateParts) {
  const refusal = refusalOf(set, inForce?.set ?? null);
  if (refusal !== null) throw new UpdateError("zones-invalid", refusal);
  const { setIssuedMs } = await store.floor();
  if (set.issuedMs < setIssuedMs)
    throw new UpdateError(
      "rollback",
      `the set was issued ${formatIso(set.issuedMs)}, and one of ${formatIso(setIssuedMs)} was in force`,
    );
  if (set.issuedMs > nowMs + DAY_MS)
    throw new UpdateError(
      "zones-invalid",
      `the set was issued ${formatIso(set.issuedMs)}, and it is ${formatIso(nowMs)}`,
    );
}

/** Clocks of those who issue sets may be ahead by as much. */
const DAY_MS = 24 * 3600 * 1000;

function originOf(
  { target, role, targets, signers }: FoundTarget,
  { root, timestamp, snapshot, nowMs }: Trusted,
  bytes: Buffer,
  set: ZoneSet,
  repository: string,
): SetOrigin {
  return {
    target: target.path,
    repository,
    role,
    signers,
    versions: {
      root: root.signed.version,
      timestamp: timestamp.signed.version,
      snapshot: snapshot.signed.version,
      targets: targets.signed.version,
    },
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes: bytes.length,
    setHash: set.hash,
    issuedMs: set.issuedMs,
    expiresMs: set.expiresMs,
    sinceMs: nowMs,
  };
}

/**
 * The stored set after a start, expired or not. null where there is none. Rejects with UpdateError `rollback` where the
 * newest slot was lost and only an older one is whole: that one is not put in force (rule 4).
 */
export async function storedSet(parts: UpdateParts, nowMs: number): Promise<SetInForce | null> {
  const stored = await parts.sets.newest();
  if (stored === null) return null;
  const { setIssuedMs } = await parts.store.floor();
  if (stored.origin.issuedMs < setIssuedMs)
    throw new UpdateError("rollback", "the set that was in force is torn, and the stored one is older");
  const set = await readSet(stored.bytes, parts.identities, nowMs, "accept");
  return { set, origin: stored.origin };
}
