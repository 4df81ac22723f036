import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { Root, TargetFile } from "@tufjs/models";
import { UpdateError } from "../update-error.ts";

/** What the bytes of a target must be. */
export interface TargetDigest {
  readonly algorithm: "sha256" | "sha512";
  readonly hex: string;
}

/** The strongest hash of a target. Throws `malformed` where it has none that counts: the length alone proves nothing. */
export function digestOf({ hashes, path }: TargetFile): TargetDigest {
  for (const algorithm of ["sha512", "sha256"] as const) {
    const hex = Object.hasOwn(hashes, algorithm) ? hashes[algorithm] : undefined;
    // It names a file, too.
    if (hex !== undefined && /^[0-9a-f]{64,128}$/.test(hex)) return { algorithm, hex };
  }
  throw new UpdateError("malformed", `target ${path}: got no hash, expected SHA-256 or SHA-512`);
}

/** Where the repository has the target: with consistent snapshots, its first hash stands before its name. */
export function pathOf({ path, hashes }: TargetFile, { consistentSnapshot }: Root): string {
  const [hash] = Object.values(hashes);
  if (!consistentSnapshot || hash === undefined) return path;
  const { dir, base } = posix.parse(path);
  return posix.join(dir, `${hash}.${base}`);
}

export function isTarget(bytes: Uint8Array, target: TargetFile): boolean {
  const { algorithm, hex } = digestOf(target);
  return bytes.length === target.length && createHash(algorithm).update(bytes).digest("hex") === hex;
}
