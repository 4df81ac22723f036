import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { asyncScheduler } from "rxjs";
import type { SchedulerLike } from "rxjs";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { openDiskParts } from "./disk/disk-parts.ts";
import { openDiskSetStore } from "./disk/disk-set-store.ts";
import { openDiskTrustStore } from "./disk/disk-trust-store.ts";
import { createHttpRepository } from "./http-repository.ts";
import type { ZoneUpdatePolicy } from "./policy.ts";
import { identitiesIn } from "./sealed-set.ts";
import type { UpdateParts } from "./update-once.ts";
import { createZoneUpdates } from "./updater.ts";
import type { UpdaterOptions, ZoneUpdates } from "./updater.ts";

/** Folders below a vehicle's zone store. */
export const STORE_FOLDERS = { trust: "metadata", sets: "sets", parts: "parts" } as const;

/** What the configuration names, opened. Throws CamfenceError `unreadable` naming the file that is not there. */
export async function openUpdateParts(
  policy: ZoneUpdatePolicy,
  scheduler: SchedulerLike = asyncScheduler,
): Promise<UpdateParts> {
  const { url, store, silenceMs, identityFile, caFile } = policy;
  const base = url.endsWith("/") ? url : `${url}/`;
  const ca = caFile === undefined ? {} : { ca: await text(caFile) };
  const urls = { metadataUrl: `${base}metadata/`, targetsUrl: `${base}targets/` };
  const initialRoot = Buffer.from(await text(policy.rootFile));
  return {
    repository: createHttpRepository({ ...urls, silenceMs, ...ca }, scheduler),
    store: await openDiskTrustStore(join(store, STORE_FOLDERS.trust)),
    sets: await openDiskSetStore(join(store, STORE_FOLDERS.sets)),
    parts: await openDiskParts(join(store, STORE_FOLDERS.parts)),
    identities: identityFile === undefined ? [] : identitiesIn(await text(identityFile)),
    area: policy.area,
    vehicle: policy.vehicle,
    source: withoutSecrets(url),
    initialRoot,
    tags: new Map(),
  };
}

/** A vehicle's zone updates as its configuration says. Throws as `openUpdateParts` does. */
export async function openZoneUpdates(
  policy: ZoneUpdatePolicy,
  options: Pick<UpdaterOptions, "allowed" | "random"> = {},
  scheduler: SchedulerLike = asyncScheduler,
): Promise<ZoneUpdates> {
  return createZoneUpdates(
    { policy, parts: await openUpdateParts(policy, scheduler), ...options },
    scheduler,
  );
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
