import { readFile, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { HEAD_NAME, numberOfName } from "../../audit/ledger-files.ts";
import type { NamedBytes } from "../../audit/ledger-entries.ts";
import { CamfenceError, messageOf } from "../../core/errors.ts";

export interface LedgerFiles {
  readonly files: readonly NamedBytes[];
  /** The heads beside the files; none where they were copied without. */
  readonly heads: readonly NamedBytes[];
}

/** Reads ledger files, and those of folders, with their heads. Throws CamfenceError `unreadable` or `usage`. */
export async function readLedgerFiles(paths: readonly string[]): Promise<LedgerFiles> {
  if (paths.length === 0)
    throw new CamfenceError("usage", "got no path, expected ledger files or their folder; see --help");
  const names = (await Promise.all(paths.map(filesAt))).flat();
  const folders = [...new Set(names.map((name) => dirname(name)))];
  const heads = (await Promise.all(folders.map(headsIn))).flat();
  return { files: await readAll(names), heads: await readAll(heads) };
}

export async function readNamed(path: string): Promise<NamedBytes> {
  return { name: path, bytes: await attempt(path, () => readFile(path)) };
}

async function readAll(paths: readonly string[]): Promise<NamedBytes[]> {
  return Promise.all(paths.map(readNamed));
}

async function filesAt(path: string): Promise<string[]> {
  const isFolder = (await attempt(path, () => stat(path))).isDirectory();
  if (!isFolder) return [path];
  const names = await attempt(path, () => readdir(path));
  const own = names.filter((name) => numberOfName(name) !== null);
  if (own.length > 0) return own.map((name) => join(path, name));
  throw new CamfenceError(
    "unreadable",
    `${path}: got a folder without a ledger, expected files such as ledger-000001.jsonl`,
  );
}

async function headsIn(folder: string): Promise<string[]> {
  const names = await attempt(folder, () => readdir(folder));
  return names.filter((name) => basename(name) === HEAD_NAME).map((name) => join(folder, name));
}

async function attempt<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    throw new CamfenceError("unreadable", `${path}: ${messageOf(thrown)}`, { file: path, cause: thrown });
  }
}
