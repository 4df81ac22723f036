import type { SegmentStore } from "../buffer/segment-store.ts";
import type { EndpointHttp } from "./endpoint-http.ts";
import { segmentIdOf } from "./fingerprint.ts";
import type { RegionEndpoint } from "./region-endpoint.ts";
import type { ResumeFile } from "./resume-file.ts";

export interface AbandonOptions {
  readonly store: SegmentStore;
  readonly region: RegionEndpoint;
  readonly http: EndpointHttp;
  readonly resume: ResumeFile;
  readonly signal: AbortSignal;
}

/**
 * Rule 5: of a segment that was destroyed here in the middle of its upload, the receiver is told to remove what it has
 * of it. One that cannot be told now is told at the next call. Never rejects.
 */
export async function abandonGone({ store, region, http, resume, signal }: AbandonOptions): Promise<void> {
  const there = new Set(store.list().map(({ id }) => id));
  for (const { urlStorageKey, uploadUrl } of await resume.findAllUploads()) {
    const id = segmentIdOf(urlStorageKey, region);
    if (id === null || there.has(id)) continue;
    if (uploadUrl === null || (await isRemoved(uploadUrl, http, signal)))
      await resume.removeUpload(urlStorageKey);
  }
}

async function isRemoved(url: string, http: EndpointHttp, signal: AbortSignal): Promise<boolean> {
  try {
    const headers = { "tus-resumable": "1.0.0" };
    const { status } = await http.send({ method: "DELETE", url, headers, body: null, signal });
    return status === 204 || status === 404 || status === 410;
  } catch {
    return false; // out of reach: later
  }
}
