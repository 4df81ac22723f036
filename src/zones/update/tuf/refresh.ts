import type { Metadata, Root, Snapshot, Targets, Timestamp } from "@tufjs/models";
import type { Repository } from "../repository.ts";
import type { TrustStore } from "../update-store.ts";
import { updateRoot } from "./update-root.ts";
import { updateSnapshot } from "./update-snapshot.ts";
import { updateTargets } from "./update-targets.ts";
import { issuedOf, updateTimestamp } from "./update-timestamp.ts";
import { keysOfTopLevel } from "./verify-role.ts";

export interface TufPorts {
  readonly repository: Repository;
  readonly store: TrustStore;
  /** The trusted time at the start, which expiries are judged by (TUF 5.1). */
  readonly nowMs: number;
  /** The root that came with the vehicle. Absent: only the stored one is trusted. */
  readonly initialRoot?: Buffer;
  /** Tags of files that may be asked for by "has it changed". Kept between refreshes, lost with the process. */
  readonly tags: Map<string, string>;
}

/** Metadata that is authentic, current, and no older than any before. */
export interface Trusted {
  readonly root: Metadata<Root>;
  readonly timestamp: Metadata<Timestamp>;
  readonly snapshot: Metadata<Snapshot>;
  readonly targets: Metadata<Targets>;
  /** The reference time from here on: the timestamp may have been signed after what the clock says. */
  readonly nowMs: number;
}

/**
 * The client workflow of The Update Framework 1.0, sections 5.3 to 5.6, over ports and a given time. tuf-js has the same
 * steps, but reads the wall clock, writes files that a power cut tears, and knows no more than those files say.
 * Rejects with UpdateError; what was stored up to then is authentic.
 */
export async function refresh(ports: TufPorts): Promise<Trusted> {
  const root = await updateRoot(ports);
  const timestamp = await updateTimestamp(ports, root);
  const nowMs = Math.max(ports.nowMs, issuedOf(timestamp) ?? 0);
  const later = { ...ports, nowMs };
  const snapshot = await updateSnapshot(later, root, timestamp);
  const by = keysOfTopLevel(root, "targets");
  const targets = await updateTargets(later, { root, snapshot }, "targets", by);
  return { root, timestamp, snapshot, targets, nowMs };
}
