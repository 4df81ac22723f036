import type { Segment } from "../buffer/segment-store.ts";
import type { RegionEndpoint } from "./region-endpoint.ts";

/** What an upload can be gone on with for: the same content, to the same place. */
export function fingerprintOf({ id, sha256 }: Segment, region: RegionEndpoint): string {
  return `${placeOf(region)}${id} ${sha256}`;
}

/** The id of the segment that an upload to this region's endpoint is for, or null for an upload to another. */
export function segmentIdOf(fingerprint: string, region: RegionEndpoint): string | null {
  const place = placeOf(region);
  return fingerprint.startsWith(place) ? (fingerprint.slice(place.length).split(" ")[0] ?? null) : null;
}

function placeOf({ id, endpoint }: RegionEndpoint): string {
  return `${id} ${endpoint.href} `;
}
