import type { Finding } from "./finding.ts";
import type { Entry } from "./ledger-entries.ts";
import type { HeaderLine } from "./ledger-line.ts";
import { unsignedText } from "./line-bytes.ts";
import type { PublicKey } from "./signing-key.ts";
import { keyIdOf, publicKeyOfHex } from "./signing-key.ts";

export interface SignatureCheck {
  readonly findings: readonly Finding[];
  /** Index of the last entry that a good signature covers; -1 for none. */
  readonly signedUntil: number;
}

/**
 * Checks headers and the signatures of checkpoints. Without a trusted key, the ledger's first header says which it is:
 * that proves that one hand signed it all, not whose.
 */
export function checkSignatures(entries: readonly Entry[], trusted: readonly PublicKey[]): SignatureCheck {
  const findings: Finding[] = [];
  let ledger: string | null = null;
  let keys = trusted;
  let key: PublicKey | null = null;
  let signedUntil = -1;

  for (const [i, { file, number, line, text }] of entries.entries()) {
    const found = (kind: Finding["kind"], what: string): void => {
      findings.push({ kind, file, line: number, what });
    };
    if (line?.event === "header") {
      if (line.keyId !== keyIdOf(line.publicKey))
        found("edited", `key id ${line.keyId} is not that of its key`);
      ledger ??= line.ledger;
      if (line.ledger !== ledger) found("foreign", `ledger ${line.ledger}, expected ${ledger}`);
      key = publicKeyOfHex(line.publicKey);
      if (keys.length === 0) keys = [key];
      if (!isAmong(keys, line))
        found("wrong-key", `key ${line.keyId}, expected ${keys.map(({ id }) => id).join(" or ")}`);
    }
    if (line?.event !== "checkpoint") continue;
    if (key?.verify(Buffer.from(unsignedText(text)), Buffer.from(line.sig, "hex")) === true) signedUntil = i;
    else found("bad-signature", `the signature is not one of key ${key?.id ?? "(no header names it)"}`);
  }
  return { findings, signedUntil };
}

function isAmong(keys: readonly PublicKey[], { publicKey }: HeaderLine): boolean {
  return keys.some(({ hex }) => hex === publicKey);
}
