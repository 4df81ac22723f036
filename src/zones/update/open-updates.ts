import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { asyncScheduler, finalize } from "rxjs";
import type { SchedulerLike } from "rxjs";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { openDiskParts } from "./disk/disk-parts.ts";
import { openDiskSetStore } from "./disk/disk-set-store.ts";
import { openDiskTrustStore } from "./disk/disk-trust-store.ts";
import { createHttpRepository } from "./http-repository.ts";
import { ownStore } from "./own-store.ts";
import type { ZoneUpdatePolicy } from "./policy.ts";
import { identitiesIn } from "./sealed-set.ts";
import { STORE_FOLDERS } from "./store-folders.ts";
import type { UpdateParts } from "./update-once.ts";
import { createZoneUpdates } from "./updater.ts";
import type { UpdaterOptions, ZoneUpdates } from "./updater.ts";

/** What the configuration names, opened. Throws CamfenceError `unreadable` naming the file that is not there. */
export async function openUpdateParts(
  policy: ZoneUpdatePolicy,
  scheduler: SchedulerLike = asyncScheduler,
): Promise<UpdateParts> {
  const { url, store, silenceMs } = policy;
  const base = url.endsWith("/") ? url : `${url}/`;
  const { ca, initialRoot, identities } = await updateFiles(policy);
  const urls = { metadataUrl: `${base}metadata/`, targetsUrl: `${base}targets/`, ...ca };
  return {
    repository: createHttpRepository({ ...urls, silenceMs }, scheduler),
    store: await openDiskTrustStore(join(store, STORE_FOLDERS.trust)),
    sets: await openDiskSetStore(join(store, STORE_FOLDERS.sets)),
    parts: await openDiskParts(join(store, STORE_FOLDERS.parts)),
    identities,
    area: policy.area,
    vehicle: policy.vehicle,
    source: withoutSecrets(url),
    initialRoot,
    tags: new Map(),
  };
}

/**
 * A vehicle's zone updates as its configuration says; the store is theirs until `sets` is unsubscribed. Throws as
 * `ownStore` and `openUpdateParts` do.
 */
export async function openZoneUpdates(
  policy: ZoneUpdatePolicy,
  options: Pick<UpdaterOptions, "allowed" | "random"> = {},
  scheduler: SchedulerLike = asyncScheduler,
): Promise<ZoneUpdates> {
  const sole = await ownStore(policy.store);
  try {
    const parts = await openUpdateParts(policy, scheduler);
    const updates = createZoneUpdates({ policy, parts, ...options }, scheduler);
    return { ...updates, sets: updates.sets.pipe(finalize(() => void sole.release())) };
  } catch (thrown) {
    await sole.release();
    throw thrown;
  }
}

/** The files that the configuration names. Throws CamfenceError `unreadable` naming the one that is not there. */
export async function updateFiles({ rootFile, identityFile, caFile }: ZoneUpdatePolicy) {
  return {
    initialRoot: Buffer.from(await text(rootFile)),
    identities: identityFile === undefined ? [] : identitiesIn(await text(identityFile)),
    ca: caFile === undefined ? {} : { ca: await text(caFile) },
  };
}

/** What may stand in an address besides the place, such as a password, goes into no record. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

async function text(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new CamfenceError("unreadable", `${file}: ${messageOf(cause)}`, { file, cause });
  }
}
