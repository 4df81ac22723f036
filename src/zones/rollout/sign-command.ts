import { execFileSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import * as z from "zod";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { Signer } from "./signer.ts";
import { checkedSigner } from "./signer.ts";

/** A key in hardware, or anywhere else: its public half, and the command that signs with the private one. */
export const SignerFile = z.strictObject({
  /** PEM. */
  public: z.string(),
  /**
   * Program and arguments. It gets the bytes on stdin and writes the signature to stdout: raw, hexadecimal or base64.
   */
  command: z.array(z.string()).min(1),
});

/** Someone may have to touch a token, or type a PIN. */
const LIMIT_MS = 120_000;
const MAX_SIGNATURE_BYTES = 4096;

/** Throws `malformed` for a file that is no signer. */
export function commandSigner(text: string, where: string): Signer {
  const { public: pem, command } = parse(text, where);
  const [program = "", ...args] = command;
  return checkedSigner(publicKeyOf(pem, where), where, (bytes) => {
    try {
      const options = { input: bytes, timeout: LIMIT_MS, maxBuffer: MAX_SIGNATURE_BYTES };
      return decoded(execFileSync(program, args, { ...options, stdio: ["pipe", "pipe", "inherit"] }));
    } catch (thrown) {
      throw new CamfenceError("wrong-key", `${where}: the command did not sign: ${messageOf(thrown)}`, {
        cause: thrown,
      });
    }
  });
}

function publicKeyOf(pem: string, where: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new CamfenceError("malformed", `${where}: "public" is no public key in PEM`, {
      file: where,
      cause,
    });
  }
}

function parse(text: string, where: string): z.infer<typeof SignerFile> {
  try {
    return SignerFile.parse(JSON.parse(text));
  } catch (thrown) {
    throw new CamfenceError(
      "malformed",
      `${where}: expected {"public": PEM, "command": [PROGRAM, …]}: ${messageOf(thrown)}`,
      { cause: thrown },
    );
  }
}

function decoded(output: Buffer): Buffer {
  const text = output.toString("latin1").trim();
  if (/^[0-9a-fA-F]{128,}$/.test(text) && text.length % 2 === 0) return Buffer.from(text, "hex");
  if (/^[A-Za-z0-9+/]{86,}={0,2}$/.test(text)) return Buffer.from(text, "base64");
  return output;
}
