import { createHash } from "node:crypto";
import { MetaFile, Snapshot, Timestamp } from "@tufjs/models";
import { encodeName } from "../update/repository.ts";
import { ISSUED } from "../update/tuf/update-timestamp.ts";
import { areasOf, draftOfRoot } from "./draft.ts";
import type { Signers } from "./key-files.ts";
import type { Lifetimes, Published } from "./published.ts";
import { expiryAfter } from "./published.ts";
import type { RepositoryFolder } from "./repository-folder.ts";
import { signMetadata } from "./sign-metadata.ts";

export interface ReleaseOptions {
  readonly folder: RepositoryFolder;
  readonly signers: Signers;
  readonly nowMs: number;
  readonly lifetimes: Lifetimes;
}

/**
 * Publishes what is new in `next` against `before`: signs all of it first, so that a missing key changes nothing, and then
 * writes each file beside the old ones, the timestamp last. Until then, and after a power cut, clients have the old state.
 */
export async function release(
  before: Published | null,
  next: Published,
  options: ReleaseOptions,
): Promise<Published> {
  const isNewRoot = before === null || next.root.version > before.root.version;
  const root = isNewRoot ? signedRoot(before, next, options) : null;
  const { files, meta } = await signedTargets(before, next, options);
  const heads = signedHeads(before, next, meta, options);
  for (const [name, bytes] of files) await options.folder.write(`metadata/${name}`, bytes);
  await options.folder.write(`metadata/${heads.snapshot.version}.snapshot.json`, heads.snapshotBytes);
  if (root !== null) await options.folder.write(`metadata/${next.root.version}.root.json`, root);
  await options.folder.write("metadata/timestamp.json", heads.timestampBytes);
  return { ...next, snapshot: heads.snapshot, timestamp: heads.timestamp };
}

/** The files of the roles that are new, and what the snapshot says of all roles. */
async function signedTargets(before: Published | null, next: Published, { folder, signers }: ReleaseOptions) {
  const files = new Map<string, Buffer>();
  const meta: Record<string, MetaFile> = {};
  const areas = areasOf(next.targets);
  for (const [role, targets] of [["targets", next.targets] as const, ...next.areas]) {
    const isTop = role === "targets";
    const draft = isTop ? draftOfRoot(next.root, "targets") : areas.get(role);
    const old = isTop ? before?.targets : before?.areas.get(role);
    const isNew = old === undefined || old.version < targets.version;
    const bytes = isNew
      ? signMetadata(role, targets, draft === undefined ? [] : [draft], signers)
      : await folder.metadata(role, targets.version);
    if (isNew) files.set(`${targets.version}.${encodeName(role)}.json`, bytes);
    meta[`${role}.json`] = metaFile(targets.version, bytes);
  }
  return { files, meta };
}

/** TUF 6.1: by the old keys and the new ones. */
function signedRoot(before: Published | null, { root }: Published, { signers }: ReleaseOptions): Buffer {
  const old = before === null ? [] : [draftOfRoot(before.root, "root")];
  return signMetadata("root", root, [...old, draftOfRoot(root, "root")], signers);
}

function signedHeads(
  before: Published | null,
  { root }: Published,
  meta: Record<string, MetaFile>,
  { signers, nowMs, lifetimes }: ReleaseOptions,
) {
  const snapshot = new Snapshot({
    version: (before?.snapshot?.version ?? 0) + 1,
    specVersion: root.specVersion,
    expires: expiryAfter(nowMs, lifetimes.snapshot),
    meta,
  });
  const snapshotBytes = signMetadata("snapshot", snapshot, [draftOfRoot(root, "snapshot")], signers);
  const timestamp = new Timestamp({
    version: (before?.timestamp?.version ?? 0) + 1,
    specVersion: root.specVersion,
    expires: expiryAfter(nowMs, lifetimes.timestamp),
    snapshotMeta: metaFile(snapshot.version, snapshotBytes),
    unrecognizedFields: { [ISSUED]: new Date(nowMs).toISOString() },
  });
  const timestampBytes = signMetadata("timestamp", timestamp, [draftOfRoot(root, "timestamp")], signers);
  return { snapshot, snapshotBytes, timestamp, timestampBytes };
}

function metaFile(version: number, bytes: Buffer): MetaFile {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return new MetaFile({ version, length: bytes.length, hashes: { sha256 } });
}
