import type { DestroyReason } from "../segment-store.ts";

/** Names of a segment's files. Nothing that is whole ever has a name that ends in `.partial`. */
export const SEGMENT = ".mcap.age";
export const UNFINISHED = ".mcap.age.partial";
export const SIDECAR = ".sidecar";
export const JOURNAL = ".journal";
/** A sidecar whose segment is being removed, after a dot and the reason: start-up goes on with it. */
export const DOOMED = ".doomed";

export type RemovalReason = DestroyReason | "sent";

const REMOVAL_REASONS = [
  "restricted",
  "region-changed",
  "unproven",
  "unjudgeable",
  "revoked",
  "room",
  "purged",
  "sent",
] as const satisfies readonly RemovalReason[];

export function doomedName(id: string, why: RemovalReason): string {
  return `${id}.${why}${DOOMED}`;
}

/** What a file's name says of it; null for a name that is none of ours. */
export type NamedFile =
  | { readonly kind: "segment" | "unfinished" | "sidecar" | "journal" | "scrap"; readonly id: string }
  | { readonly kind: "doomed"; readonly id: string; readonly why: RemovalReason };

const KINDS = [
  [UNFINISHED, "unfinished"],
  [SEGMENT, "segment"],
  [`${SIDECAR}.partial`, "scrap"],
  [SIDECAR, "sidecar"],
  [JOURNAL, "journal"],
] as const;

export function readName(name: string): NamedFile | null {
  const doomed = /^([0-9A-Za-z-]+)\.([a-z-]+)\.doomed$/.exec(name);
  const why = REMOVAL_REASONS.find((reason) => reason === doomed?.[2]);
  if (doomed?.[1] !== undefined && why !== undefined) return { kind: "doomed", id: doomed[1], why };
  for (const [ending, kind] of KINDS) {
    const id = name.endsWith(ending) ? name.slice(0, -ending.length) : "";
    if (/^[0-9A-Za-z-]+$/.test(id)) return { kind, id };
  }
  return null;
}
