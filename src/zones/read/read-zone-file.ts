import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CamfenceError, messageOf } from "../../core/errors.ts";

/** Checking needs several times a file's size in memory; one of this size is some 200,000 sites. */
export const MAX_FILE_BYTES = 100 * 1000 * 1000;

/**
 * The files that paths stand for: a folder stands for its `.geojson` files in name order. Throws `unreadable` naming
 * every path that is none, or a folder without any.
 */
export async function zoneFilesIn(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    try {
      const found = (await stat(path)).isDirectory() ? await geojsonIn(path) : [path];
      if (found.length === 0) problems.push(`${path}: no .geojson file in this folder`);
      files.push(...found);
    } catch (error) {
      problems.push(`${path}: ${messageOf(error)}`);
    }
  }
  if (problems.length > 0)
    throw new CamfenceError("unreadable", `zone files expected: ${problems.join("; ")}`);
  return [...new Set(files)];
}

async function geojsonIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith(".geojson"))
    .toSorted()
    .map((name) => join(folder, name));
}

/** The bytes of a file. Throws `too-large` before reading, and `unreadable` for what is no regular file. */
export async function readZoneFile(file: string): Promise<Buffer> {
  try {
    const status = await stat(file);
    if (!status.isFile()) throw new CamfenceError("unreadable", `${file}: no regular file`, { file });
    if (status.size > MAX_FILE_BYTES) throw tooLarge(file, status.size);
    return await readFile(file);
  } catch (error) {
    if (error instanceof CamfenceError) throw error;
    throw new CamfenceError("unreadable", `${file}: ${messageOf(error)}`, { file, cause: error });
  }
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;

function tooLarge(file: string, sizeBytes: number): CamfenceError {
  const message = `${file}: got ${megabytes(sizeBytes)}, expected at most ${megabytes(MAX_FILE_BYTES)}; split it by area into several files`;
  return new CamfenceError("too-large", message, { file });
}
