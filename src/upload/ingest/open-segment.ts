import { openAge } from "../../buffer/age/open-age.ts";
import { readClaims } from "../../buffer/segment-claims.ts";
import { CamfenceError, messageOf } from "../../core/errors.ts";

/** What is authenticated inside a segment's seal. */
export interface SealedIdentity {
  readonly id: string;
  /** Null: captured where no region was certain; never to be sent. */
  readonly region: string | null;
}

type Take = (piece: Uint8Array) => void | Promise<void>;

/**
 * Opens a sealed segment, giving each authentic piece of the MCAP inside to `take`, and says what it states of itself.
 * Resolves only when the seal is whole to its end and the segment inside is too. Throws CamfenceError `wrong-key`,
 * `tampered`, `cut-off` or `malformed`, or what reading or `take` throws; pieces that were given are of no worth then.
 */
export async function openSegment(
  sealed: AsyncIterable<Uint8Array>,
  identity: string,
  take: Take,
): Promise<SealedIdentity> {
  const around: Around = { failure: null };
  const plain = teed(openAge(watched(sealed, around), identity), take, around);
  try {
    const { id, region } = (await readClaims(plain)).claims;
    return { id, region: region === "" ? null : region };
  } catch (thrown) {
    if (around.failure !== null) throw around.failure.thrown;
    if (thrown instanceof CamfenceError) throw thrown;
    throw new CamfenceError("malformed", `inside the seal is no MCAP: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

/** What went wrong around the segment, and so says nothing of it. */
interface Around {
  failure: { readonly thrown: unknown } | null;
}

async function* watched(sealed: AsyncIterable<Uint8Array>, around: Around): AsyncGenerator<Uint8Array> {
  try {
    yield* sealed;
  } catch (thrown) {
    around.failure = { thrown };
    throw thrown;
  }
}

async function* teed(
  plain: AsyncIterable<Uint8Array>,
  take: Take,
  around: Around,
): AsyncGenerator<Uint8Array> {
  for await (const piece of plain) {
    try {
      await take(piece);
    } catch (thrown) {
      around.failure = { thrown };
      throw thrown;
    }
    yield piece;
  }
}
