import { createHash, createPublicKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { Key } from "@tufjs/models";
import { CamfenceError } from "../../core/errors.ts";

/** A key that can sign, wherever its private half is. */
export interface Signer {
  readonly key: Key;
  /** The raw signature. Throws CamfenceError when the key is not at hand or signs wrongly. */
  readonly sign: (bytes: Buffer) => Buffer;
}

/** Raw bytes of an Ed25519 public key stand at the end of its DER form (RFC 8410, § 4). */
const ED25519_BYTES = 32;

/** The public half as TUF writes it; Ed25519, or ECDSA on P-256 as most hardware has. Throws `unsupported`. */
export function tufKey(key: KeyObject, where: string): Key {
  const publicKey = key.type === "public" ? key : createPublicKey(key);
  const kind = publicKey.asymmetricKeyType;
  if (kind === "ed25519") {
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-ED25519_BYTES);
    return withId("ed25519", "ed25519", raw.toString("hex"));
  }
  if (kind === "ec" && publicKey.asymmetricKeyDetails?.namedCurve === "prime256v1") {
    const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
    return withId("ecdsa", "ecdsa-sha2-nistp256", pem);
  }
  const message = `${where}: got a key of kind ${kind ?? "unknown"}, expected Ed25519 or ECDSA P-256`;
  throw new CamfenceError("unsupported", message, { file: where });
}

/** TUF 4.2: a key's id is the hash of its canonical form. */
function withId(keyType: string, scheme: string, publicText: string): Key {
  const canonical = JSON.stringify({ keytype: keyType, keyval: { public: publicText }, scheme });
  const keyID = createHash("sha256").update(canonical.replaceAll("\\n", "\n")).digest("hex");
  return new Key({ keyID, keyType, scheme, keyVal: { public: publicText } });
}

export function localSigner(privateKey: KeyObject, where: string): Signer {
  const key = tufKey(privateKey, where);
  return { key, sign: (bytes) => sign(digestFor(privateKey), bytes, privateKey) };
}

/** Refuses a signature that the public key does not confirm: hardware answers for the wrong slot sometimes. */
export function checkedSigner(
  publicKey: KeyObject,
  where: string,
  signBytes: (bytes: Buffer) => Buffer,
): Signer {
  const key = tufKey(publicKey, where);
  return {
    key,
    sign(bytes) {
      const signature = signBytes(bytes);
      if (verify(digestFor(publicKey), bytes, publicKey, signature)) return signature;
      throw new CamfenceError(
        "wrong-key",
        `${where}: the command's signature is not of key ${key.keyID.slice(0, 12)}`,
      );
    },
  };
}

const digestFor = ({ asymmetricKeyType }: KeyObject) => (asymmetricKeyType === "ed25519" ? null : "sha256");
