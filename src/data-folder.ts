import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { SchedulerLike } from "rxjs";
import { openDiskFolder } from "./audit/disk-folder.ts";
import { ledgerKeyFrom } from "./audit/key-provider.ts";
import type { Ledger } from "./audit/ledger.ts";
import { createLedger } from "./audit/create-ledger.ts";
import { tellOpened } from "./audit/tell-storage.ts";
import { nodeFiles } from "./buffer/disk/node-files.ts";
import type { KeepingPolicy } from "./buffer/judge-again.ts";
import { deviceKeyFrom } from "./buffer/key-provider.ts";
import type { StoreEvent } from "./buffer/segment-store.ts";
import type { OpenedStorage } from "./buffer/open-storage.ts";
import type { Storage, StorageOptions } from "./buffer/storage.ts";
import { openStorage } from "./buffer/open-storage.ts";
import type { StorageConfig } from "./config.ts";
import { CamfenceError, messageOf } from "./core/errors.ts";
import type { Camera } from "./sources/camera.ts";
import { readRegions } from "./upload/region-config.ts";
import type { Regions } from "./upload/region-endpoint.ts";
import type { ResumeFile } from "./upload/resume-file.ts";
import { openResumeFile } from "./upload/resume-file.ts";
import type { Sole } from "./upload/sole-uploader.ts";
import { becomeSoleUploader } from "./upload/sole-uploader.ts";

export interface DataFolderOptions {
  readonly config: StorageConfig;
  readonly cameras: readonly Camera[];
  readonly keeping: KeepingPolicy;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What a vehicle keeps: sealed segments, the account of every frame, and how far uploads are. */
export interface DataFolder {
  readonly storage: Storage;
  /** What start-up put right. */
  readonly found: readonly StoreEvent[];
  readonly ledger: Ledger;
  readonly regions: Regions;
  readonly resume: ResumeFile;
  readonly sole: Sole;
}

export const SEGMENTS = "segments";
export const LEDGER = "ledger";
export const UPLOADS = "uploads.json";

/**
 * Opens a data folder, which belongs to one process at a time: a second one would end what the first is writing. Throws
 * CamfenceError for a folder in use, and for keys, tokens or files that cannot be used; the folder is then free again.
 */
export async function openDataFolder(
  options: DataFolderOptions,
  scheduler: SchedulerLike,
): Promise<DataFolder> {
  const { folder, ledgerKey, ledger: ledgerPolicy } = options.config;
  const regions = await readRegions(options.config.regions);
  const sole = await own(folder);
  try {
    const { storage, found, held } = await openSegments(options);
    const ledgerFolder = await openDiskFolder(join(folder, LEDGER));
    const key = ledgerKeyFrom(ledgerKey, options.environment);
    const ledger = await createLedger({ ...ledgerPolicy, folder: ledgerFolder, key }, scheduler);
    tellOpened(ledger, held, found);
    return { storage, found, ledger, regions, sole, resume: openResumeFile(join(folder, UPLOADS)) };
  } catch (thrown) {
    await sole.release();
    throw thrown;
  }
}

async function own(folder: string): Promise<Sole> {
  const sole = await attempt(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return becomeSoleUploader(folder);
  });
  if (sole.kind === "sole") return sole;
  throw new CamfenceError(
    "usage",
    `${folder}: got a data folder that another camfence process uses, expected to be the only one; stop that one first`,
    { file: folder },
  );
}

async function openSegments({
  config,
  cameras,
  keeping,
  environment,
}: DataFolderOptions): Promise<OpenedStorage> {
  const { folder, vehicle, buffer: policy, holdRecipient, regions } = config;
  const deviceKey = await deviceKeyFrom(config.deviceKey, environment).key();
  const recipients = Object.fromEntries(regions.map(({ id, recipient }) => [id, recipient]));
  return attempt(folder, async () => {
    const files = await nodeFiles(join(folder, SEGMENTS));
    const given = { files, deviceKey, policy, keeping, vehicle, cameras, recipients, holdRecipient };
    return openStorage(given satisfies StorageOptions);
  });
}

async function attempt<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof CamfenceError) throw thrown;
    throw new CamfenceError("unreadable", `${folder}: ${messageOf(thrown)}`, { file: folder, cause: thrown });
  }
}
