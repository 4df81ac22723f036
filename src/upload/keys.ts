import { createPrivateKey, createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { CamfenceError } from "../core/errors.ts";

const PREFIX = "ed25519:";
// RFC 8410, § 4: SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING } around the 32 bytes of the key.
const SPKI_HEADER = Buffer.from("302a300506032b6570032100", "hex");
const KEY_BYTES = 32;

/** `ed25519:` and the 32 bytes of a public key in base64, as it stands in a configuration; null for anything else. */
export function parsePublicKey(text: string): KeyObject | null {
  const raw = Buffer.from(text.slice(PREFIX.length), "base64");
  if (!text.startsWith(PREFIX) || raw.length !== KEY_BYTES) return null;
  if (formatRaw(raw) !== text) return null;
  return createPublicKey({ key: Buffer.concat([SPKI_HEADER, raw]), format: "der", type: "spki" });
}

/** The text of the public half of an Ed25519 key. */
export function formatPublicKey(key: KeyObject): string {
  const der = (key.type === "private" ? createPublicKey(key) : key).export({ format: "der", type: "spki" });
  return formatRaw(der.subarray(SPKI_HEADER.length));
}

/** An Ed25519 private key from PEM. Throws CamfenceError `malformed` for anything else; `file` is for its message. */
export function parsePrivateKey(pem: string, file: string): KeyObject {
  const key = pemKey(pem, file);
  if (key.asymmetricKeyType === "ed25519") return key;
  const got = key.asymmetricKeyType ?? "no asymmetric";
  throw new CamfenceError("malformed", `${file}: got a ${got} key, expected ed25519`, { file });
}

function pemKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const message = `${file}: got no private key, expected PEM as of \`camfence ingest keygen\``;
    throw new CamfenceError("malformed", message, { file, cause });
  }
}

function formatRaw(raw: Buffer): string {
  return `${PREFIX}${raw.toString("base64")}`;
}
