import * as z from "zod";
import { RegionId, SegmentId, Sha256 } from "../receipt.ts";
import type { Claim } from "../receipt.ts";
import type { Archive } from "./archive.ts";
import { tusRefusal } from "./refusal.ts";
import type { Staging } from "./staging.ts";

/** The metadata that an upload is created with. */
export const Creation = z.strictObject({ segment: SegmentId, sha256: Sha256, region: RegionId });

export interface Limits {
  /** Largest segment. @default 2147483648 */
  readonly maxBytes: number;
  /** Uploads under way at once; further ones are told to come later. @default 1000 */
  readonly maxOpenUploads: number;
  /** Space that an upload must leave free. @default 1073741824 */
  readonly minFreeBytes: number;
  /** Longest time that a request may take to come in. @default 300000 */
  readonly requestMs: number;
}

export const LIMITS: Limits = {
  maxBytes: 2 * 1024 ** 3,
  maxOpenUploads: 1000,
  minFreeBytes: 1024 ** 3,
  requestMs: 300_000,
};

/** What tus knows of an upload. */
export interface TusUpload {
  readonly id: string;
  readonly size?: number | undefined;
  readonly metadata?: Readonly<Record<string, string | null>> | undefined;
}

export interface CreationOptions {
  readonly depot: Staging & Archive;
  readonly region: string;
  readonly limits: Limits;
}

/** Throws a refusal for an upload that would not be kept, before any byte of it is taken. */
export async function checkCreation(upload: TusUpload, options: CreationOptions): Promise<void> {
  const claim = claimOf(upload);
  if (claim === null)
    throw tusRefusal("bad-creation", "expected Upload-Length and the metadata segment, sha256 and region");
  checkRegion(claim, options.region);
  await checkNew(claim, options.depot);
  await checkRoom(claim, options);
}

/** What a complete upload claims to be, or null when it was not created as one. */
export function claimOf({ size, metadata }: TusUpload): Claim | null {
  const creation = Creation.safeParse(metadata).data;
  if (creation === undefined || size === undefined || !Number.isSafeInteger(size) || size <= 0) return null;
  return { id: creation.segment, sha256: creation.sha256, bytes: size, region: creation.region };
}

/** Rule 6: the receiver checks the region again. */
function checkRegion(claim: Claim, region: string): void {
  if (claim.region !== region)
    throw tusRefusal("wrong-region", `got a segment of region ${claim.region}, expected ${region}`);
}

async function checkNew({ id, sha256 }: Claim, depot: Archive): Promise<void> {
  const held = await depot.receiptOf(id);
  if (held === null) return;
  if (held.sha256 === sha256) throw tusRefusal("held", "this segment is held; ask for its receipt");
  throw tusRefusal("taken", `segment ${id} is held with another hash`);
}

async function checkRoom({ bytes }: Claim, { depot, limits }: CreationOptions): Promise<void> {
  const { freeBytes, openUploads } = await depot.room();
  if (openUploads >= limits.maxOpenUploads)
    throw tusRefusal("too-many-uploads", `${openUploads} uploads are under way; come later`);
  if (freeBytes !== null && freeBytes - bytes < limits.minFreeBytes)
    throw tusRefusal("full", `${freeBytes} bytes are free, ${limits.minFreeBytes} must stay so`);
}
