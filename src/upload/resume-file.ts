import { readFile } from "node:fs/promises";
import * as z from "zod";
import { removeTemporary, writeAtomically } from "../core/atomic-file.ts";

const Stored = z.object({
  size: z.number().nullable(),
  metadata: z.record(z.string(), z.string()),
  creationTime: z.string(),
  uploadUrl: z.url().nullable(),
});
const Content = z.object({ version: z.literal(1), uploads: z.record(z.string(), Stored) });
type Uploads = Map<string, z.infer<typeof Stored>>;

/** Where uploads under way are remembered; the tus client's url storage. */
export interface ResumeFile {
  findAllUploads(): Promise<Previous[]>;
  findUploadsByFingerprint(fingerprint: string): Promise<Previous[]>;
  removeUpload(urlStorageKey: string): Promise<void>;
  addUpload(fingerprint: string, upload: Upload): Promise<string>;
}
type Upload = Omit<Previous, "urlStorageKey">;
type Previous = z.infer<typeof Stored> & { urlStorageKey: string; parallelUploadUrls: string[] | null };

/**
 * Uploads under way in a JSON file, so that a restarted vehicle goes on where it was. Written atomically: a power cut
 * leaves the old or the new content. A file that is not there, or not readable, is one without uploads: they start
 * over, and nothing else is lost. A disk that takes no write costs no more than that, so none of the methods rejects.
 */
export function openResumeFile(path: string): ResumeFile {
  let uploads: Promise<Uploads> | null = null;
  const loaded = (): Promise<Uploads> => (uploads ??= load(path));
  let written = Promise.resolve();
  const save = (): Promise<void> => {
    written = written.then(async () => write(path, await loaded()));
    return written;
  };
  return {
    findAllUploads: async () => [...(await loaded())].map(previous),
    findUploadsByFingerprint: async (fingerprint) => {
      const found = (await loaded()).get(fingerprint);
      return found === undefined ? [] : [previous([fingerprint, found])];
    },
    removeUpload: async (fingerprint) => {
      if ((await loaded()).delete(fingerprint)) await save();
    },
    addUpload: async (fingerprint, { size, metadata, creationTime, uploadUrl }) => {
      (await loaded()).set(fingerprint, { size, metadata, creationTime, uploadUrl });
      await save();
      return fingerprint;
    },
  };
}

async function load(path: string): Promise<Uploads> {
  await removeTemporary(path);
  try {
    return new Map(Object.entries(Content.parse(JSON.parse(await readFile(path, "utf8"))).uploads));
  } catch {
    return new Map(); // absent, or of a crashed disk
  }
}

async function write(path: string, uploads: Uploads): Promise<void> {
  const content = { version: 1, uploads: Object.fromEntries(uploads) };
  try {
    await writeAtomically(path, JSON.stringify(content));
  } catch {
    return; // no space: uploads make some
  }
}

function previous([urlStorageKey, stored]: [string, z.infer<typeof Stored>]): Previous {
  return { ...stored, urlStorageKey, parallelUploadUrls: null };
}
