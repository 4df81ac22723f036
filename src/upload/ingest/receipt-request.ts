import type { Receipt } from "../receipt.ts";
import { claimOf } from "./creation.ts";
import { finishUpload } from "./tus-endpoint.ts";
import type { EndpointOptions } from "./tus-endpoint.ts";

/**
 * The receipt of a held segment. When it is not held but its upload is complete, because the receiver stopped between
 * the last byte and the taking over, that is made up for. Null when there is nothing to give a receipt for.
 */
export async function receiptFor(
  id: string,
  uploadId: string | null,
  options: EndpointOptions,
): Promise<Receipt | null> {
  const held = await options.depot.receiptOf(id);
  if (held !== null || uploadId === null) return held;
  const upload = await uploadOf(uploadId, options);
  if (upload === null || upload.offset !== upload.size || claimOf(upload)?.id !== id) return null;
  return finishUpload(upload, options);
}

async function uploadOf(uploadId: string, { depot }: EndpointOptions) {
  try {
    return await depot.tus.getUpload(uploadId);
  } catch (thrown) {
    const isAbsent = typeof thrown === "object" && thrown !== null && "status_code" in thrown;
    if (isAbsent) return null;
    throw thrown;
  }
}
