import { mkdir } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { encodeName } from "../repository.ts";
import { raised } from "../trust-floor.ts";
import type { TrustStore } from "../update-store.ts";
import { readOrNull, writeAtomically } from "../../../core/atomic-file.ts";
import { openFloorFile } from "./floor-file.ts";

/**
 * Metadata as `<role>.json` in a folder, and the floor beside it. Each file is replaced as a whole; a power cut between
 * two leaves an older one, which the next refresh replaces, and a floor that is never older than any of them.
 */
export async function openDiskTrustStore(folder: string): Promise<TrustStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const floorFile = openFloorFile(folder);
  const pathOf = (role: string) => join(folder, `${encodeName(role)}.json`);
  return {
    read: (role) => readOrNull(pathOf(role)),
    write: (role, bytes) => writeAtomically(pathOf(role), bytes),
    floor: () => floorFile.read(),
    async raise(change) {
      const before = await floorFile.read();
      const after = raised(before, change);
      if (!isDeepStrictEqual(before, after)) await floorFile.write(after);
      return after;
    },
  };
}
