import { MemoryLocker, Server } from "@tus/server";
import { messageOf } from "../../core/errors.ts";
import { checkCreation, claimOf } from "./creation.ts";
import type { Limits, TusUpload } from "./creation.ts";
import { finish } from "./finish.ts";
import type { Finish, FinishOptions } from "./finish.ts";
import { tusRefusal } from "./refusal.ts";

export const TUS_PATH = "/segments";

export interface EndpointOptions extends FinishOptions {
  readonly limits: Limits;
  /** Told of what failed on our side; the request was answered with 500. */
  readonly onFault: (message: string) => void;
}

/** The tus server: what may be created, and what happens when the last byte has come. */
export function createTusServer(options: EndpointOptions): Server {
  return new Server({
    path: TUS_PATH,
    datastore: options.depot.tus,
    maxSize: options.limits.maxBytes,
    // Relative to the request, so that it is right behind any proxy; a vehicle refuses to go to another host.
    generateUrl: (_request, { id }) => `${TUS_PATH.slice(1)}/${id}`,
    locker: new MemoryLocker({ acquireLockTimeout: 5000 }),
    onResponseError(_request, thrown) {
      if ("status_code" in thrown) return undefined;
      // The message may name what is ours to know.
      options.onFault(messageOf(thrown));
      return tusRefusal("fault", "our fault; come later");
    },
    async onUploadCreate(_request, upload) {
      await checkCreation(upload, options);
      return {};
    },
    async onUploadFinish(_request, upload) {
      await finishUpload(upload, options);
      return {};
    },
  });
}

/** The receipt of a complete upload. Throws a refusal for all other endings. */
export async function finishUpload(upload: TusUpload, options: EndpointOptions) {
  const claim = claimOf(upload);
  if (claim === null) throw tusRefusal("bad-creation", "this upload was not created as a segment");
  const ending = await finish(upload.id, claim, options);
  if (ending.kind === "kept") return ending.receipt;
  throw tusRefusal(ending.kind, MEANINGS[ending.kind]);
}

const MEANINGS: Readonly<Record<Exclude<Finish["kind"], "kept">, string>> = {
  "wrong-hash": "what came is not what the metadata's sha256 says; it was removed: start over",
  "wrong-region": "the segment's authenticated region is not this receiver's; it was removed",
  unopenable: "the segment does not open with this receiver's key, or has another id inside; it was removed",
  taken: "another content is held under this id; this one was removed",
};
