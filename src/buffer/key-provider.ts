import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { CamfenceError, messageOf } from "../core/errors.ts";

/**
 * The device key, which seals what the vehicle itself must read again: sidecars and journals, never frames. With it a
 * thief learns where and when frames were taken, not what they show.
 */
export interface KeyProvider {
  /** 32 bytes, the same at every call. Throws CamfenceError `unreadable` or `malformed`, naming the place. */
  key(): Promise<Buffer>;
}

export const DEVICE_KEY_BYTES = 32;
/** The name of the systemd credential, and of the file below `$CREDENTIALS_DIRECTORY`. */
export const CREDENTIAL_NAME = "camfence-device-key";
export const KEY_VARIABLE = "CAMFENCE_DEVICE_KEY";

/** A file of 64 hexadecimal digits that only its owner may read or write (mode 0600 or 0400). */
export function keyFile(path: string): KeyProvider {
  return { key: () => readKeyFile(path, 0o077) };
}

/** systemd's `LoadCredential=camfence-device-key:…`: the service manager keeps others out of the folder. */
export function systemdCredential(
  environment: Readonly<Record<string, string | undefined>>,
  name: string = CREDENTIAL_NAME,
): KeyProvider {
  return {
    async key() {
      const folder = environment["CREDENTIALS_DIRECTORY"];
      if (folder === undefined) {
        throw new CamfenceError("unreadable", "got no $CREDENTIALS_DIRECTORY, expected systemd to set it");
      }
      // systemd 250 and newer make credentials group-readable for root; others must not read them.
      return readKeyFile(join(folder, name), 0o007);
    },
  };
}

/** An environment variable of 64 hexadecimal digits; other processes of the same user can read it. */
export function environmentKey(
  environment: Readonly<Record<string, string | undefined>>,
  name: string = KEY_VARIABLE,
): KeyProvider {
  return { key: async () => parseKey(environment[name] ?? "", `$${name}`) };
}

/** Where a configuration says that a key is: in a file, in systemd's keeping, or in an environment variable. */
export const KeySource = z.union(
  [
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ credential: z.string().min(1) }),
    z.strictObject({ variable: z.string().min(1) }),
  ],
  { error: "expected one of file: PATH, credential: NAME and variable: NAME" },
);
export type KeySource = Readonly<z.infer<typeof KeySource>>;

export function deviceKeyFrom(
  source: KeySource,
  environment: Readonly<Record<string, string | undefined>>,
): KeyProvider {
  if ("file" in source) return keyFile(source.file);
  if ("credential" in source) return systemdCredential(environment, source.credential);
  return environmentKey(environment, source.variable);
}

async function readKeyFile(path: string, forbiddenMode: number): Promise<Buffer> {
  const handle = await openKeyFile(path);
  try {
    const { mode } = await handle.stat();
    if ((mode & forbiddenMode) !== 0) {
      const got = (mode & 0o777).toString(8).padStart(4, "0");
      throw new CamfenceError("malformed", `${path} has mode ${got}, expected 0600; do: chmod 600 ${path}`);
    }
    return parseKey(await handle.readFile("utf8"), path);
  } finally {
    await handle.close();
  }
}

async function openKeyFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (thrown) {
    throw new CamfenceError("unreadable", `device key: ${messageOf(thrown)}`, { file: path, cause: thrown });
  }
}

/** The message never shows the text: it may be a key after all. */
function parseKey(text: string, where: string): Buffer {
  const hex = text.trim();
  if (/^[0-9a-f]{64}$/i.test(hex)) return Buffer.from(hex, "hex");
  throw new CamfenceError(
    "malformed",
    `${where} holds no device key, expected 64 hexadecimal digits; make one: openssl rand -hex 32`,
  );
}
