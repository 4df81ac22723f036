import { McapStreamReader } from "@mcap/core";
import * as z from "zod";
import type { Segment } from "./segment-store.ts";
import { CamfenceError } from "../core/errors.ts";

/** The metadata record at a segment's beginning, and the one at its end. */
export const CLAIMS = "camfence.segment";
export const ENDING = "camfence.segment.end";

/** No region: sealed to the hold recipient. */
const NO_REGION = "";

/**
 * What a segment says of itself within the sealed data, where nobody on the way can change it (rule 6). The receiver
 * compares it with what the transport says.
 */
export const SegmentClaims = z.strictObject({
  version: z.literal("1"),
  id: z.string().min(1),
  /** "" = none. */
  region: z.string(),
  vehicle: z.string(),
  zoneSet: z.string(),
});
export type SegmentHead = Pick<Segment, "id" | "region" | "vehicle" | "zoneSetHash">;
export type SegmentClaims = Readonly<z.infer<typeof SegmentClaims>>;

/** What the last metadata record says: `recovered` when a crash or a failed write ended the segment. */
export const SegmentEnding = z.strictObject({
  firstMs: z.coerce.number(),
  lastMs: z.coerce.number(),
  frames: z.coerce.number().int().nonnegative(),
  ending: z.enum(["whole", "recovered"]),
});
export type SegmentEnding = Readonly<z.infer<typeof SegmentEnding>>;

/** The claims as a metadata record's content. */
export function claimsRecord(segment: SegmentHead): Map<string, string> {
  const { id, region, vehicle, zoneSetHash } = segment;
  return new Map(
    Object.entries({ version: "1", id, region: region ?? NO_REGION, vehicle, zoneSet: zoneSetHash }),
  );
}

export function endingRecord({ firstMs, lastMs, frames, ending }: SegmentEnding): Map<string, string> {
  return new Map(
    Object.entries({ firstMs: String(firstMs), lastMs: String(lastMs), frames: String(frames), ending }),
  );
}

/**
 * The claims and the ending of an opened segment; `plain` is the MCAP file in pieces.  Throws CamfenceError `malformed` for an MCAP file that is no segment, `cut-off` for one without
 * its ending.
 */
export async function readClaims(
  plain: AsyncIterable<Uint8Array>,
): Promise<{ readonly claims: SegmentClaims; readonly ending: SegmentEnding }> {
  const reader = new McapStreamReader();
  const found = new Map<string, ReadonlyMap<string, string>>();
  for await (const piece of plain) {
    reader.append(piece);
    for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
      // The first one of a name counts: nothing that comes later takes its place.
      if (record.type === "Metadata" && !found.has(record.name)) found.set(record.name, record.metadata);
    }
  }
  const claims = SegmentClaims.safeParse(Object.fromEntries(found.get(CLAIMS) ?? []));
  if (!claims.success) {
    throw new CamfenceError("malformed", `got no ${CLAIMS} record of version 1: this is no camfence segment`);
  }
  const ending = SegmentEnding.safeParse(Object.fromEntries(found.get(ENDING) ?? []));
  if (ending.success) return { claims: claims.data, ending: ending.data };
  throw new CamfenceError("cut-off", `segment ${claims.data.id} ends without its ${ENDING} record`);
}
