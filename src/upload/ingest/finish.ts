import { createHash } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Readable } from "node:stream";
import { signReceipt } from "../receipt.ts";
import type { Claim, Receipt } from "../receipt.ts";
import { CamfenceError } from "../../core/errors.ts";
import { openSegment } from "./open-segment.ts";
import type { SealedIdentity } from "./open-segment.ts";
import type { Archive } from "./archive.ts";
import type { Staging } from "./staging.ts";

export interface FinishOptions {
  readonly depot: Staging & Archive;
  readonly region: string;
  readonly receiptKey: KeyObject;
  /** The region authenticated inside a sealed segment. @default it is not looked at: the receiver has no key */
  readonly sealedRegion?: SealedRegion;
  /** The time for receipts, ISO 8601. */
  readonly now: () => string;
}

/** Opens a sealed segment to its end and says what is authenticated in it; null when it cannot be opened. */
export type SealedRegion = (sealed: Readable) => Promise<SealedIdentity | null>;

/** With the data centre's age identity. Rejects with the error of reading. */
export function sealedRegionBy(identity: string): SealedRegion {
  return async (sealed) => {
    try {
      return await openSegment(sealed, identity, () => {});
    } catch (thrown) {
      if (thrown instanceof CamfenceError) return null;
      throw thrown;
    }
  };
}

/** How a complete upload ends; all but `kept` remove it. */
export type Finish =
  | { readonly kind: "kept"; readonly receipt: Receipt }
  | { readonly kind: "wrong-hash" | "wrong-region" | "unopenable" | "taken" };

/**
 * Checks a complete upload against what it claims to be and takes it over. May be called again after any crash, and by
 * several servers at once: the same segment is kept once and gets a receipt every time. Rejects with the store's error;
 * the upload then stays.
 */
export async function finish(uploadId: string, claim: Claim, options: FinishOptions): Promise<Finish> {
  const ending = await check(uploadId, claim, options);
  await options.depot.drop(uploadId);
  return ending;
}

async function check(uploadId: string, claim: Claim, options: FinishOptions): Promise<Finish> {
  const { depot } = options;
  const held = await depot.receiptOf(claim.id);
  if (held !== null)
    return held.sha256 === claim.sha256 ? { kind: "kept", receipt: held } : { kind: "taken" };
  if (!(await isWhole(await depot.read(uploadId), claim))) return { kind: "wrong-hash" };
  const flaw = await sealedFlaw(uploadId, claim, options);
  if (flaw !== null) return { kind: flaw };
  const receipt = signReceipt(claim, options.now(), options.receiptKey);
  return (await depot.keep(uploadId, receipt)) === "kept" ? { kind: "kept", receipt } : { kind: "taken" };
}

async function isWhole(bytes: Readable, claim: Claim): Promise<boolean> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return size === claim.bytes && hash.digest("hex") === claim.sha256;
}

/** Rule 6: what stands inside the seal decides, not what the vehicle says beside it. */
async function sealedFlaw(
  uploadId: string,
  claim: Claim,
  { depot, sealedRegion, region }: FinishOptions,
): Promise<"unopenable" | "wrong-region" | null> {
  if (sealedRegion === undefined) return null;
  const sealed = await sealedRegion(await depot.read(uploadId));
  if (sealed === null || sealed.id !== claim.id) return "unopenable";
  return sealed.region === region ? null : "wrong-region";
}
