import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { commandSigner } from "./sign-command.ts";
import type { Signer } from "./signer.ts";
import { localSigner } from "./signer.ts";

/** Signers by key id. */
export type Signers = ReadonlyMap<string, Signer>;

/** Keys in files, and all below folders: `NAME.pem` (private, PKCS #8) and `NAME.signer.json` (a command). */
export async function openKeys(paths: readonly string[]): Promise<Signers> {
  const signers = new Map<string, Signer>();
  for (const path of paths) {
    for (const file of await filesAt(path)) {
      const signer = await openKey(file);
      if (signer !== null) signers.set(signer.key.keyID, signer);
    }
  }
  return signers;
}

async function filesAt(path: string): Promise<readonly string[]> {
  try {
    if (KEY_FILE.test(path) && (await stat(path)).isFile()) return [path];
    return (await readdir(path, { recursive: true })).toSorted().map((name) => join(path, name));
  } catch (thrown) {
    const message = `${path}: expected a folder of keys, or a key such as cn-1.pem: ${messageOf(thrown)}`;
    throw new CamfenceError("unreadable", message, { file: path });
  }
}

const KEY_FILE = /\.(?:pem|signer\.json)$/;

/** null for a file of another name. */
export async function openKey(path: string): Promise<Signer | null> {
  if (path.endsWith(".signer.json")) return commandSigner(await readFile(path, "utf8"), path);
  return path.endsWith(".pem") ? localSigner(privateKeyOf(await readFile(path, "utf8"), path), path) : null;
}

function privateKeyOf(pem: string, path: string) {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new CamfenceError("malformed", `${path}: got no private key, expected PEM without a passphrase`, {
      file: path,
      cause,
    });
  }
}

/** Makes an Ed25519 key and keeps it in a new file that only its owner reads. */
export async function makeKey(path: string): Promise<Signer> {
  const { privateKey } = generateKeyPairSync("ed25519");
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const pem = privateKey.export({ format: "pem", type: "pkcs8" });
    await writeFile(path, pem, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw new CamfenceError("unreadable", `cannot write a new key: ${messageOf(cause)}`, {
      file: path,
      cause,
    });
  }
  return localSigner(privateKey, path);
}

/** `KEYS/GROUP/ROLE-1.pem`, `…-2.pem`, …: the first name that is free. */
export async function newKeyPath(folder: string, role: string): Promise<string> {
  const taken = await takenNames(folder);
  let n = 1;
  while (taken.has(`${role}-${n}.pem`)) n++;
  return join(folder, `${role}-${n}.pem`);
}

async function takenNames(folder: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(folder));
  } catch {
    return new Set(); // not there yet
  }
}
