import type { Files } from "./files.ts";
import { isMissing, withFile, writeAll } from "./files.ts";
import type { RemovalReason } from "./names.ts";
import { SEGMENT, SIDECAR, doomedName } from "./names.ts";
import { SALT_AT, SALT_BYTES } from "../sidecar/sealed-records.ts";

/** Holds the header of any age file for a few recipients, and the payload's nonce. */
export const ERASED_HEAD_BYTES = 4096;

/** Decides, durably, that a segment goes: from here on start-up removes it, whatever happens. */
export async function doom(files: Files, id: string, why: RemovalReason): Promise<void> {
  await files.rename(`${id}${SIDECAR}`, doomedName(id, why));
  await files.syncFolder();
}

/**
 * Removes a doomed segment. Its file key, wrapped for the recipient, and the salt of its sidecar's key are overwritten
 * first, so that what a file system or a flash chip keeps of the rest opens for nobody. (Flash may keep the overwritten
 * block itself until it is reused; nothing in user space can prevent that.) May be cut off at any instant and run again.
 */
export async function removeDoomed(files: Files, id: string, why: RemovalReason): Promise<void> {
  await eraseAndRemove(files, `${id}${SEGMENT}`, 0, ERASED_HEAD_BYTES);
  // The sidecar last: until then a restart can say which segment it was.
  await eraseAndRemove(files, doomedName(id, why), SALT_AT, SALT_BYTES);
  await files.syncFolder();
}

/** Overwrites a part of a file, durably, then removes the file; fine when it is not there. */
export async function eraseAndRemove(
  files: Files,
  name: string,
  fromByte: number,
  bytes: number,
): Promise<void> {
  try {
    await withFile(files, name, "update", async (file) => {
      const erased = Math.max(0, Math.min(bytes, (await file.size()) - fromByte));
      await writeAll(file, new Uint8Array(erased), fromByte);
      await file.sync();
    });
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
  }
  await files.remove(name);
}
