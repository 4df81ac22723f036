import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CamfenceError } from "../../core/errors.ts";
import { readOrNull, writeAtomically } from "../../core/atomic-file.ts";
import { encodeName } from "../update/repository.ts";
import { parseRoot, parseSnapshot, parseTargets, parseTimestamp } from "../update/tuf/parse-metadata.ts";
import { areasOf } from "./draft.ts";
import type { Published } from "./published.ts";

/** A repository as static files: `metadata/` and `targets/`. */
export interface RepositoryFolder {
  /** null where nothing is published yet. Throws for a repository that cannot be read. */
  readonly read: () => Promise<Published | null>;
  /** The bytes of a published metadata file. */
  readonly metadata: (role: string, version: number) => Promise<Buffer>;
  /** The bytes of a published set, below the repository. */
  readonly target: (path: string) => Promise<Buffer>;
  readonly write: (path: string, bytes: Buffer) => Promise<void>;
}

export function openRepositoryFolder(folder: string): RepositoryFolder {
  const pathOf = (name: string) => join(folder, "metadata", name);
  async function there(path: string): Promise<Buffer> {
    const bytes = await readOrNull(path);
    if (bytes !== null) return bytes;
    throw new CamfenceError("unreadable", `${path}: not there, expected it in a repository`, { file: path });
  }
  const file = (name: string) => there(pathOf(name));
  const metadata = (role: string, version: number) => file(`${version}.${encodeName(role)}.json`);
  return {
    metadata,
    target: (path) => there(join(folder, path)),
    async read() {
      const newest = await newestRoot(join(folder, "metadata"));
      if (newest === 0) return null;
      const root = parseRoot(await metadata("root", newest)).signed;
      const timestamp = parseTimestamp(await file("timestamp.json")).signed;
      const snapshot = parseSnapshot(await metadata("snapshot", timestamp.snapshotMeta.version)).signed;
      const targetsOf = async (role: string) =>
        parseTargets(await metadata(role, snapshot.meta[`${role}.json`]?.version ?? 0), role).signed;
      const targets = await targetsOf("targets");
      const names = [...areasOf(targets).keys()];
      const areas = new Map(
        await Promise.all(names.map(async (name) => [name, await targetsOf(name)] as const)),
      );
      return { root, targets, areas, snapshot, timestamp };
    },
    async write(path, bytes) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeAtomically(join(folder, path), bytes, 0o644);
    },
  };
}

async function newestRoot(folder: string): Promise<number> {
  const versions = (await namesIn(folder)).map((name) => Number(/^(\d+)\.root\.json$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...versions);
}

/** Of a folder that is not there: none. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return [];
    throw thrown;
  }
}
