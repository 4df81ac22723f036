import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { KeySource } from "../buffer/key-provider.ts";
import { CamfenceError, messageOf } from "../core/errors.ts";
import type { SigningKey } from "./signing-key.ts";
import { signingKeyOf } from "./signing-key.ts";

/** Where the signing key comes from. Throws CamfenceError `unreadable` or `malformed`; the message never quotes the key. */
export interface KeyProvider {
  load(): Promise<SigningKey>;
}

/** A PEM file that nobody but its owner may read or change. */
export function fileKey(path: string): KeyProvider {
  return {
    async load() {
      const { mode } = await attempt(path, () => stat(path));
      const others = mode & 0o077;
      if (others !== 0)
        throw new CamfenceError(
          "unreadable",
          `${path}: got mode ${(mode & 0o777).toString(8)}, expected 600, since others may use the key; chmod 600 it, and make a new key if others had the file`,
        );
      return signingKeyOf(await attempt(path, () => readFile(path)), path);
    },
  };
}

/**
 * A credential of a systemd service (`LoadCredential=`), which systemd keeps from other users.
 * @param folder the service's CREDENTIALS_DIRECTORY
 */
export function credentialKey(folder: string | undefined, name: string): KeyProvider {
  return {
    async load() {
      if (folder === undefined)
        throw new CamfenceError(
          "unreadable",
          `credential ${name}: got no CREDENTIALS_DIRECTORY, expected systemd's`,
        );
      if (basename(name) !== name)
        throw new CamfenceError(
          "unreadable",
          `credential ${name}: got a path, expected the name of a credential`,
        );
      const path = join(folder, name);
      return signingKeyOf(await attempt(path, () => readFile(path)), path);
    },
  };
}

/** An environment variable that holds the PEM text. Other processes of the same user can read it: prefer the others. */
export function environmentKey(env: Readonly<Record<string, string | undefined>>, name: string): KeyProvider {
  return {
    async load() {
      const pem = env[name];
      if (pem === undefined)
        throw new CamfenceError(
          "unreadable",
          `got no environment variable ${name}, expected the PEM private key in it`,
        );
      // Service files hold one line: its \n stands for the line's end.
      return signingKeyOf(pem.replaceAll("\\n", "\n"), name);
    },
  };
}

/** The signing key that a configuration names. */
export function ledgerKeyFrom(
  source: KeySource,
  environment: Readonly<Record<string, string | undefined>>,
): KeyProvider {
  if ("file" in source) return fileKey(source.file);
  if ("credential" in source) return credentialKey(environment["CREDENTIALS_DIRECTORY"], source.credential);
  return environmentKey(environment, source.variable);
}

async function attempt<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    throw new CamfenceError("unreadable", `${path}: ${messageOf(thrown)}`, { file: path, cause: thrown });
  }
}
