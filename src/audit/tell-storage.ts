import { totalOf } from "../buffer/counts.ts";
import type { DestroyReason, StoreEvent } from "../buffer/segment-store.ts";
import type { Ledger } from "./ledger.ts";
import type { DESTROY_REASONS } from "./ledger-line.ts";
import type { SegmentChange } from "./storage-account.ts";

/** Tells the ledger what a session finds: what was carried over, and what start-up had to finish. */
export function tellOpened(
  ledger: Ledger,
  held: { readonly segments: number; readonly frames: number },
  found: readonly StoreEvent[],
): void {
  ledger.storageOpened(held);
  // A recovered segment is among those that were held.
  for (const event of found) if (event.kind !== "sealed") tellStored(ledger, event);
}

/** Tells the ledger what happened to what is stored. */
export function tellStored(ledger: Ledger, event: StoreEvent): void {
  const change = changeOf(event);
  if (change !== null) ledger.segment(change);
}

function changeOf(event: StoreEvent): SegmentChange | null {
  switch (event.kind) {
    case "sealed":
      return { kind: "sealed", region: event.segment.region, ...nameOf(event.segment) };
    case "sent":
      // Rule 6: only what has a region is sent.
      return { kind: "sent", region: event.segment.region ?? "", ...nameOf(event.segment) };
    case "destroyed":
      return { kind: "destroyed", reason: REASONS[event.why], ...nameOf(event.segment) };
    case "lost":
      // Lost in a crash: in a session that has ended, and nobody counted them.
      return event.counts === null ? null : { kind: "unsealed-lost", frames: totalOf(event.counts) };
    case "quarantined":
      return null;
    default:
      return event satisfies never;
  }
}

function nameOf({ sha256, counts }: Extract<StoreEvent, { kind: "sealed" }>["segment"]) {
  return { sha256, frames: totalOf(counts) };
}

const REASONS = {
  restricted: "recheck",
  "region-changed": "recheck",
  unproven: "recheck",
  unjudgeable: "recheck",
  revoked: "revoked",
  room: "retention",
  purged: "purged",
} as const satisfies Record<DestroyReason, (typeof DESTROY_REASONS)[number]>;
