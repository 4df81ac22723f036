import { hkdfSync, randomBytes } from "node:crypto";
import type { Recipient } from "age-encryption";
import { CamfenceError, messageOf } from "../../core/errors.ts";

/** age v1 (C2SP age.md, "Payload"): 16 random bytes between header and payload. */
export const PAYLOAD_NONCE_BYTES = 16;
const EMPTY_CHUNK_BYTES = 16; /* tag */

/** How an age file begins, and the key of its payload. */
export interface AgeStart {
  /** Header and payload nonce: the file's first bytes. */
  readonly head: Uint8Array;
  /** 32 bytes; whoever holds it can read the file. Zero it as soon as it is not needed. */
  readonly streamKey: Buffer;
}

/**
 * Begins an age file for an X25519 recipient (`age1…`) with a fresh file key. The header is the age library's, made
 * for an empty file; the payload gets a nonce, and so a key, of its own. The file key is zeroed before this returns.
 * Throws CamfenceError `malformed` for a text that is no recipient.
 */
export async function startAgeFile(recipient: string): Promise<AgeStart> {
  // Read here: a vehicle begins to guard without it.
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  const key = keyCatcher();
  try {
    encrypter.addRecipient(recipient);
    encrypter.addRecipient(key.recipient);
    const empty = await encrypter.encrypt(new Uint8Array(0));
    const header = empty.subarray(0, empty.length - PAYLOAD_NONCE_BYTES - EMPTY_CHUNK_BYTES);
    const nonce = randomBytes(PAYLOAD_NONCE_BYTES);
    return { head: Buffer.concat([header, nonce]), streamKey: streamKeyOf(key.fileKey(), nonce) };
  } catch (thrown) {
    throw new CamfenceError("malformed", `"${recipient}" is no age recipient: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  } finally {
    key.forget();
  }
}

/** age v1: the payload's key is HKDF-SHA-256 of the file key, salted with the nonce. */
export function streamKeyOf(fileKey: Uint8Array, nonce: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", fileKey, nonce, "payload", 32));
}

/** A recipient that adds nothing to the header and sees the file key as the true ones do. */
function keyCatcher() {
  let seen: Uint8Array | null = null;
  const recipient: Recipient = {
    wrapFileKey(fileKey) {
      seen = fileKey;
      return [];
    },
  };
  return {
    recipient,
    fileKey(): Uint8Array {
      if (seen === null) throw new CamfenceError("fault", "the age library gave no file key");
      return seen;
    },
    forget(): void {
      seen?.fill(0);
      seen = null;
    },
  };
}
