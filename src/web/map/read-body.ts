import type { IncomingMessage } from "node:http";
import { CamfenceError } from "../../core/errors.ts";

/** A zone of a hundred thousand vertices. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** The JSON that a page sent. Throws CamfenceError for anything else. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  // Forms of other pages cannot say this type without being asked first.
  if (request.headers["content-type"] !== "application/json")
    throw new CamfenceError("malformed", "expected content-type application/json");
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MAX_BODY_BYTES) throw new CamfenceError("too-large", "expected at most 8 MiB");
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString("utf8"));
  } catch (cause) {
    throw new CamfenceError("malformed", "expected JSON", { cause });
  }
}
