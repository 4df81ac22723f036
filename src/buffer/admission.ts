import { isPosition } from "../core/position.ts";
import { lostFrame } from "./losses.ts";
import type { KeptFrame } from "./open-segment.ts";
import type { Lost } from "./segment-store.ts";
import type { SegmentWriterOptions } from "./segment-writer.ts";

/** For whom a frame is sealed; `region` null = for the hold recipient, and never sent. */
export interface Admitted {
  readonly kind: "admitted";
  readonly region: string | null;
  readonly recipient: string;
}

/** Whether a frame may be stored at all. */
export function admit(
  kept: KeptFrame,
  { recipients, holdRecipient, cameras }: SegmentWriterOptions,
): Admitted | Lost {
  const { note, record } = kept;
  // Rule 6: a region that nobody is configured for is none.
  const region = record.region !== null && Object.hasOwn(recipients, record.region) ? record.region : null;
  const recipient = region === null ? holdRecipient : recipients[region];
  if (recipient === null || recipient === undefined)
    return lostFrame(kept, "no-recipient", `region ${record.region ?? "unknown"}, no hold recipient`);
  if (!cameras.some(({ id }) => id === note.camera))
    return lostFrame(kept, "unrecordable", `camera ${note.camera} is not in the configuration`);
  // Rule 2: what cannot be judged again is not kept.
  if (!isPosition(note) || !(note.radiusM >= 0))
    return lostFrame(kept, "unrecordable", "it was released without a place");
  return { kind: "admitted", region, recipient };
}
