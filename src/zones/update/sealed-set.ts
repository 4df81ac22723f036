import { Decrypter, Encrypter } from "age-encryption";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { UpdateError } from "./update-error.ts";

// C2SP age.md, "File format".
const MAGIC = "age-encryption.org/v1\n";

export function isSealed(bytes: Buffer): boolean {
  return bytes.toString("latin1", 0, MAGIC.length) === MAGIC;
}

/** Encrypts a set to fleet or vehicle keys: any of the identities opens it. Throws `malformed` for what is no recipient. */
export async function sealSet(bytes: Buffer, recipients: readonly string[]): Promise<Buffer> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch (thrown) {
      throw new CamfenceError(
        "malformed",
        `got recipient "${recipient}", expected an age one such as age1…: ${messageOf(thrown)}`,
      );
    }
  }
  return Buffer.from(await encrypter.encrypt(bytes));
}

/** The set within, or the bytes themselves where they are not encrypted. Rejects with UpdateError `wrong-key`. */
export async function openSet(bytes: Buffer, identities: readonly string[]): Promise<Buffer> {
  if (!isSealed(bytes)) return bytes;
  if (identities.length === 0)
    throw new UpdateError("wrong-key", "the set is encrypted, and this vehicle has no identity");
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return Buffer.from(await decrypter.decrypt(bytes));
  } catch (thrown) {
    throw new UpdateError(
      "wrong-key",
      `none of the vehicle's identities opens the set: ${messageOf(thrown)}`,
      thrown,
    );
  }
}

/** The identities of a text as `age-keygen` writes it: one a line, comments begin with #. */
export function identitiesIn(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.startsWith("AGE-SECRET-KEY-"));
}
