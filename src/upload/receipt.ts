import { sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import * as z from "zod";

/** Letters, digits and dashes, so that it is safe in a path, a URL and an object key. */
export const SegmentId = z.string().regex(/^[A-Za-z0-9-]{1,128}$/);
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const RegionId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

/** What a receiver says that it holds. */
export const Claim = z.strictObject({
  /** Of the segment. */
  id: SegmentId,
  /** Of the sealed file, hex. */
  sha256: Sha256,
  bytes: z.int().positive(),
  region: RegionId,
});
export type Claim = Readonly<z.infer<typeof Claim>>;

/** A claim with the time of its making, signed by the region's receipt key. */
export const Receipt = z.strictObject({
  version: z.literal(1),
  ...Claim.shape,
  time: z.iso.datetime(),
  /** Ed25519 over `signedText`, base64. */
  signature: z.base64().length(88),
});
export type Receipt = Readonly<z.infer<typeof Receipt>>;

export function signReceipt(claim: Claim, time: string, key: KeyObject): Receipt {
  const signature = sign(null, signedText(claim, time), key).toString("base64");
  return { version: 1, ...claim, time, signature };
}

/** Why a receiver's answer proves nothing. */
export type ReceiptFlaw = "unreadable" | "another-claim" | "wrong-signature";

/**
 * Rule 6 and the end of a segment in the vehicle: what came as a receipt proves that the holder of `key` has exactly
 * what `claim` says. The receipt, or why it proves nothing.
 */
export function checkReceipt(text: string, claim: Claim, key: KeyObject): Receipt | ReceiptFlaw {
  const parsed = parseReceipt(text);
  if (parsed === null) return "unreadable";
  if (!signedText(claim, parsed.time).equals(signedText(parsed, parsed.time))) return "another-claim";
  const signature = Buffer.from(parsed.signature, "base64");
  return verify(null, signedText(parsed, parsed.time), key, signature) ? parsed : "wrong-signature";
}

/** A receipt by its form alone, or null. */
export function parseReceipt(text: string): Receipt | null {
  try {
    return Receipt.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // no JSON
  }
}

/** One line a field; none of them can hold a line end. */
function signedText({ id, sha256, bytes, region }: Claim, time: string): Buffer {
  return Buffer.from(["camfence receipt 1", id, sha256, bytes, region, time, ""].join("\n"));
}
