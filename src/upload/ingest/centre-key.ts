import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { CamfenceError } from "../../core/errors.ts";

/** A data centre's age identity, and the region that it is for where its file says so. */
export interface CentreKey {
  /** AGE-SECRET-KEY-1… */
  readonly identity: string;
  readonly region: string | null;
}

const REGION_LINE = /^# camfence region: (\S+)\s*$/m;

/** A new key as the text of its file, which the `age` command takes as well, and its public half. */
export async function createCentreKey(
  region: string,
): Promise<{ readonly text: string; readonly recipient: string }> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  return { text: `# camfence region: ${region}\n# public key: ${recipient}\n${identity}\n`, recipient };
}

/** Throws CamfenceError `malformed` when the file holds no identity; `file` is for its message. */
export function parseCentreKey(text: string, file: string): CentreKey {
  const identity = /^AGE-SECRET-KEY-1\S+$/m.exec(text)?.[0];
  if (identity === undefined) {
    const message = `${file}: got no age identity, expected a line AGE-SECRET-KEY-1…, as of \`camfence ingest keygen\``;
    throw new CamfenceError("malformed", message, { file });
  }
  return { identity, region: REGION_LINE.exec(text)?.[1] ?? null };
}
