import { Metadata, Signature } from "@tufjs/models";
import type { Root, Snapshot, Targets, Timestamp } from "@tufjs/models";
import { CamfenceError } from "../../core/errors.ts";
import type { RoleDraft } from "./draft.ts";
import type { Signers } from "./key-files.ts";

/**
 * Signs metadata with every key at hand of each role draft, and gives the file's bytes. Throws `wrong-key` naming the
 * keys that are missing where fewer than a threshold are at hand.
 */
export function signMetadata(
  name: string,
  signed: Root | Targets | Snapshot | Timestamp,
  roles: readonly RoleDraft[],
  signers: Signers,
): Buffer {
  const metadata = new Metadata(signed);
  const done = new Set<string>();
  for (const { keys, threshold } of roles) {
    const atHand = keys.filter(({ keyID }) => signers.has(keyID));
    if (atHand.length < threshold) throw missing(name, keys.length, threshold, atHand.length);
    for (const { keyID } of atHand) {
      const signer = signers.get(keyID);
      if (signer === undefined || done.has(keyID)) continue;
      done.add(keyID);
      metadata.sign((bytes) => new Signature({ keyID, sig: signer.sign(bytes).toString("hex") }));
    }
  }
  return Buffer.from(`${JSON.stringify(metadata.toJSON(), null, 1)}\n`);
}

function missing(name: string, known: number, threshold: number, atHand: number): CamfenceError {
  return new CamfenceError(
    "wrong-key",
    `${name} must be signed by ${threshold} of ${known} keys, and ${atHand} of them are in the --keys folders; add the folder or signer file that has the others`,
  );
}
