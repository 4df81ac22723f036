import { CamfenceError } from "../../core/errors.ts";
import type { Archive } from "../../upload/ingest/archive.ts";
import { openFileDepot } from "../../upload/ingest/file-depot.ts";
import { openS3Depot } from "../../upload/ingest/s3-depot.ts";
import type { Staging } from "../../upload/ingest/staging.ts";

export const DEPOT_OPTIONS = {
  dir: { type: "string" },
  s3: { type: "string" },
  "s3-region": { type: "string" },
  bucket: { type: "string" },
} as const;

type Texts = { readonly [Name in keyof typeof DEPOT_OPTIONS]?: string | undefined };

/** Where segments are kept, by the options. Throws a `usage` error unless it is one place. */
export function openDepot({ dir, s3, bucket, "s3-region": region }: Texts): Promise<Staging & Archive> {
  if (dir !== undefined && s3 === undefined && bucket === undefined) return openFileDepot(dir);
  if (dir === undefined && s3 !== undefined && bucket !== undefined)
    return openS3Depot({ endpoint: s3, bucket, ...(region === undefined ? {} : { region }) });
  throw new CamfenceError("usage", "expected --dir DIR, or --s3 URL and --bucket NAME; see --help");
}
