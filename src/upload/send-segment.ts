import type { PreviousUpload, Upload, UploadOptions } from "tus-js-client";
import type { Segment, SegmentStore } from "../buffer/segment-store.ts";
import { meaningOf } from "./answer.ts";
import type { EndpointHttp } from "./endpoint-http.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { Ending } from "./outcome.ts";
import { checkReceipt } from "./receipt.ts";
import type { Claim } from "./receipt.ts";
import type { RegionEndpoint } from "./region-endpoint.ts";
import type { ResumeFile } from "./resume-file.ts";
import { segmentSource } from "./segment-source.ts";
import { tusHttp } from "./tus-http.ts";
import { endingOf, UploadError } from "./upload-error.ts";

export interface SendOptions {
  readonly store: SegmentStore;
  readonly region: RegionEndpoint;
  readonly http: EndpointHttp;
  readonly resume: ResumeFile;
  /** Bytes a request; what a cut may cost where the receiver keeps no parts of one. */
  readonly chunkBytes: number;
  /** Forgets what an earlier attempt has brought there: the receiver fails at it again and again. */
  readonly startOver: boolean;
  /** Ends the attempt with `paused`. */
  readonly signal: AbortSignal;
}

/**
 * One attempt to send a segment: goes on where an earlier one was, asks for the receipt, and deletes the segment only
 * on a receipt that its region's key has signed over exactly this id, hash, size and region. Never rejects.
 */
export async function sendSegment(segment: Segment, options: SendOptions): Promise<Ending> {
  try {
    const url = await upload(segment, options);
    return await settle(segment, url, options);
  } catch (thrown) {
    if (options.signal.aborted) return { kind: "paused" };
    const ending = endingOf(thrown);
    if (ending === "held") return { kind: "refused", why: "protocol", detail: "got 208, expected a receipt" };
    if (startsOver(ending)) await options.resume.removeUpload(fingerprintOf(segment, options.region));
    return ending;
  }
}

/** Resolves with the upload's URL when all bytes are there, with null when the receiver has the segment anyway. */
async function upload(segment: Segment, options: SendOptions): Promise<string | null> {
  try {
    return await uploadBytes(segment, options);
  } catch (thrown) {
    if (endingOf(thrown) === "held") return null;
    throw thrown;
  }
}

async function uploadBytes(segment: Segment, options: SendOptions): Promise<string | null> {
  const { region, resume } = options;
  const fingerprint = fingerprintOf(segment, region);
  if (options.startOver) await resume.removeUpload(fingerprint);
  const [previous] = await resume.findUploadsByFingerprint(fingerprint);
  // Read with the first segment: a vehicle begins to guard without it.
  const { Upload: TusUpload } = await import("tus-js-client");
  const start = (given: UploadOptions): Upload => new TusUpload(Buffer.from(segment.id), given);
  return runTus(start, tusOptions(segment, options), previous, options.signal);
}

/** Runs the tus client to its end, which it tells by callbacks and, once aborted, not at all. */
function runTus(
  create: (options: UploadOptions) => Upload,
  options: UploadOptions,
  previous: PreviousUpload | undefined,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      void tus.abort();
      reject(new UploadError({ kind: "paused" }));
    };
    const done = (end: () => void): void => {
      signal.removeEventListener("abort", stop);
      end();
    };
    const onError = (error: Error): void => done(() => reject(error));
    const tus = create({ ...options, onSuccess: () => done(() => resolve(tus.url)), onError });
    if (previous !== undefined) tus.resumeFromPreviousUpload(previous);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    else tus.start();
  });
}

function tusOptions(segment: Segment, { store, region, http, resume, chunkBytes }: SendOptions) {
  return {
    endpoint: new URL("segments", region.endpoint).href,
    metadata: { segment: segment.id, sha256: segment.sha256, region: region.id },
    fingerprint: async () => fingerprintOf(segment, region),
    fileReader: { openFile: async () => segmentSource(segment, store) },
    httpStack: tusHttp(http),
    urlStorage: resume,
    chunkSize: chunkBytes,
    // The uploader waits longer and longer between attempts, for all segments of the endpoint; the client would not.
    retryDelays: null,
  };
}

/** The upload at the receiver is no longer of use. */
function startsOver(ending: Ending): boolean {
  if (ending.kind === "retry-later") return ending.why === "upload-lost";
  return (
    ending.kind === "wrong-hash" ||
    ending.kind === "wrong-region" ||
    (ending.kind === "refused" && ending.why === "unopenable")
  );
}

/** Asks for the receipt, and lets the segment go on it. */
async function settle(segment: Segment, uploadUrl: string | null, options: SendOptions): Promise<Ending> {
  const { region, store, resume } = options;
  const text = await fetchReceipt(segment, uploadUrl, options);
  const fingerprint = fingerprintOf(segment, region);
  if (text === null) {
    // All bytes are there and yet no segment: begin anew.
    await resume.removeUpload(fingerprint);
    return { kind: "invalid-receipt", why: "absent" };
  }
  const claim: Claim = { id: segment.id, sha256: segment.sha256, bytes: segment.bytes, region: region.id };
  const receipt = checkReceipt(text, claim, region.receiptKey);
  if (typeof receipt === "string") return { kind: "invalid-receipt", why: receipt };
  const confirmed = await store.confirmSent(segment.id, receipt.sha256);
  await resume.removeUpload(fingerprint);
  if (confirmed.kind === "sent") return { kind: "sent", receipt };
  if (confirmed.kind === "gone") return { kind: "gone" };
  const detail =
    confirmed.kind === "failed" ? confirmed.detail : `the store confirmed ${confirmed.confirmed}`;
  return { kind: "undeleted", receipt, detail };
}

/** The text of the receipt, or null when the receiver has none. Throws UploadError for all other answers. */
async function fetchReceipt(
  segment: Segment,
  uploadUrl: string | null,
  { region, http, signal }: SendOptions,
) {
  const url = new URL(`receipts/${segment.id}`, region.endpoint);
  const uploadId = uploadUrl?.split("/").at(-1);
  if (uploadId !== undefined) url.searchParams.set("upload", uploadId);
  const answer = await http.send({ method: "GET", url: url.href, headers: {}, body: null, signal });
  if (answer.status === 404) return null;
  const meaning = meaningOf(answer);
  if (meaning === "go-on") return answer.body;
  throw new UploadError(meaning);
}
