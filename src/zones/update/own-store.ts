import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { becomeSole } from "../../core/sole.ts";
import type { Sole } from "../../core/sole.ts";
import { sweep } from "../../core/atomic-file.ts";
import { STORE_FOLDERS } from "./store-folders.ts";

/**
 * Makes this process the only one that changes a vehicle's zone store, and removes what a crash left there of writes under
 * way. Throws `usage` where another one has it, and `unreadable` for a folder that cannot be used.
 */
export async function ownStore(store: string): Promise<Sole> {
  const sole = await attempt(store, async () => {
    await mkdir(store, { recursive: true, mode: 0o700 });
    return becomeSole(store, "zones");
  });
  if (sole.kind === "another") {
    const message = `${store}: got a zone store that another camfence process keeps current, such as the daemon, expected to be the only one; stop that one first, or look with: camfence zones status`;
    throw new CamfenceError("usage", message, { file: store });
  }
  for (const folder of [STORE_FOLDERS.trust, STORE_FOLDERS.sets])
    await attempt(store, () => sweep(join(store, folder)));
  return sole;
}

async function attempt<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new CamfenceError("unreadable", `${file}: ${messageOf(cause)}`, { file, cause });
  }
}
