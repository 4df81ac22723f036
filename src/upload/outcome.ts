import type { Segment } from "../buffer/segment-store.ts";
import type { Receipt, ReceiptFlaw } from "./receipt.ts";
import type { Stays } from "./region-endpoint.ts";

/** How an attempt to send a segment ended. Only after `sent` is it no longer in the vehicle. */
export type UploadOutcome = { readonly segment: Segment } & Ending;

export type Ending =
  /** The receiver holds it, by a receipt that proves so; it is deleted here. */
  | { readonly kind: "sent"; readonly receipt: Receipt }
  /** The receiver holds it, but it could not be deleted here; the next attempt asks for the receipt again. */
  | { readonly kind: "undeleted"; readonly receipt: Receipt; readonly detail: string }
  /** No endpoint may have it (rule 6). */
  | { readonly kind: "stays"; readonly why: Stays }
  /** It was destroyed here meanwhile. */
  | { readonly kind: "gone" }
  /** Stopped by a closed link, by the end of the uploader, or because it is being judged again; goes on where it was. */
  | { readonly kind: "paused" }
  | { readonly kind: "retry-later"; readonly why: RetryReason; readonly detail: string }
  | { readonly kind: "refused"; readonly why: RefusalReason; readonly detail: string }
  /** What came there is not what its hash says: sent wrong, or no longer what was sealed. */
  | { readonly kind: "wrong-hash"; readonly detail: string }
  /** The receiver says that it is not the data centre of the segment's region. */
  | { readonly kind: "wrong-region"; readonly detail: string }
  /** The receiver took it without proof that it has it. */
  | { readonly kind: "invalid-receipt"; readonly why: ReceiptFlaw | "absent" };

export type RetryReason =
  | "unreachable"
  | "cut"
  | "timed-out"
  /** 408, 425, 429 or 503. */
  | "busy"
  /** 507. */
  | "receiver-full"
  /** Other 5xx. */
  | "receiver-fault"
  /** 423: another request has the upload. */
  | "locked"
  /** 409 to what was appended: the receiver has more or less than this vehicle believed. */
  | "conflict"
  /** 404 or 410: the receiver no longer knows the upload, which starts over. */
  | "upload-lost"
  /** The segment could not be read here. */
  | "unreadable";

export type RefusalReason =
  /** 401. */
  | "no-access"
  /** 403. */
  | "forbidden"
  /** The endpoint sent us elsewhere, with a 3xx status or as the place of the upload (rule 6). */
  | "redirect"
  /** The endpoint did not prove, by TLS or by its pinned key, that it is the one. */
  | "untrusted"
  /** 409 to a creation: its id is taken by another content. */
  | "taken"
  /** 413. */
  | "too-large"
  /** 422. */
  | "unopenable"
  /** 412, and other statuses that a receiver of segments does not give. */
  | "protocol";

/** What stands in the way of the next segment: nothing, this segment alone, or the endpoint. */
export type Obstacle = "none" | "segment" | "endpoint";

export function obstacleOf(ending: Ending): Obstacle {
  switch (ending.kind) {
    case "sent":
    case "gone":
    case "paused":
    case "stays":
      return "none";
    case "undeleted":
    case "wrong-hash":
    case "wrong-region":
      return "segment";
    case "invalid-receipt":
    case "retry-later":
      return "endpoint";
    case "refused":
      return ENDPOINT_WIDE.has(ending.why) ? "endpoint" : "segment";
    default:
      return ending satisfies never;
  }
}

const ENDPOINT_WIDE: ReadonlySet<RefusalReason> = new Set([
  "no-access",
  "forbidden",
  "redirect",
  "untrusted",
]);
