import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { CamfenceError } from "../core/errors.ts";
import { hashOf } from "./line-bytes.ts";

/** What signs the checkpoints of a ledger. */
export interface SigningKey {
  readonly publicKey: PublicKey;
  sign(bytes: Uint8Array): Uint8Array;
}

/** An Ed25519 public key. */
export interface PublicKey {
  /** The 32 bytes of RFC 8032 as 64 hex digits. */
  readonly hex: string;
  /** What people call it: the first 16 hex digits of the SHA-256 of its 32 bytes. */
  readonly id: string;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** Reads a PEM private key. Throws CamfenceError `malformed` for anything but an unencrypted Ed25519 key. */
export function signingKeyOf(pem: string | Uint8Array, where: string): SigningKey {
  const key = ed25519(
    () => createPrivateKey(Buffer.from(pem)),
    `${where}: expected a PEM private key of Ed25519`,
  );
  const publicKey = publicKeyFrom(createPublicKey(key));
  return { publicKey, sign: (bytes) => sign(null, bytes, key) };
}

/** Reads a PEM public key, or its 64 hex digits. Throws CamfenceError `malformed` for anything else. */
export function publicKeyOf(text: string, where: string): PublicKey {
  const hex = /^\s*([0-9a-f]{64})\s*$/i.exec(text)?.[1]?.toLowerCase();
  if (hex !== undefined) return publicKeyOfHex(hex);
  // createPublicKey would also take a private key: whoever passes that has mixed up two files.
  const source = text.includes("PRIVATE") ? "" : text;
  return publicKeyFrom(
    ed25519(
      () => createPublicKey(source),
      `${where}: expected a PEM public key of Ed25519, or its 64 hex digits`,
    ),
  );
}

/** The key of 64 hex digits. Any 32 bytes are a key; one that nobody has the private half of verifies nothing. */
export function publicKeyOfHex(hex: string): PublicKey {
  return publicKeyFrom(
    createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: base64urlOf(hex) }, format: "jwk" }),
  );
}

/** A new key pair as PEM. */
export function generateSigningKey(): { readonly privatePem: string; readonly publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privatePem: privateKey.export({ format: "pem", type: "pkcs8" }) as string,
    publicPem: publicKey.export({ format: "pem", type: "spki" }) as string,
  };
}

export function keyIdOf(publicKeyHex: string): string {
  return hashOf(Buffer.from(publicKeyHex, "hex")).slice(0, 16);
}

function publicKeyFrom(key: KeyObject): PublicKey {
  const { x = "" } = key.export({ format: "jwk" });
  const hex = Buffer.from(x, "base64url").toString("hex");
  return { hex, id: keyIdOf(hex), verify: (bytes, signature) => verify(null, bytes, key, signature) };
}

function base64urlOf(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64url");
}

function ed25519(read: () => KeyObject, expected: string): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    throw new CamfenceError("malformed", `${expected}; it cannot be read as one`); // the cause may quote the key
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new CamfenceError(
    "malformed",
    `${expected}, got a key of ${key.asymmetricKeyType ?? "another kind"}`,
  );
}
