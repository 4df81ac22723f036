import type { Root, Snapshot, Targets, Timestamp } from "@tufjs/models";

/** The metadata of a repository: what is published, or what is to be. */
export interface Published {
  readonly root: Root;
  readonly targets: Targets;
  /** Delegated roles by name: areas, such as countries. */
  readonly areas: ReadonlyMap<string, Targets>;
  /** null before the first time. */
  readonly snapshot: Snapshot | null;
  readonly timestamp: Timestamp | null;
}

/** How long metadata is good for, in days. */
export interface Lifetimes {
  readonly root: number;
  readonly targets: number;
  readonly snapshot: number;
  readonly timestamp: number;
}

/** The timestamp is signed anew by `zones publish` without a set, such as once a day. */
export const LIFETIMES: Lifetimes = { root: 365, targets: 90, snapshot: 30, timestamp: 7 };

const DAY_MS = 24 * 3600 * 1000;

/** TUF 4.2.1: whole seconds, UTC. */
export function expiryAfter(nowMs: number, days: number): string {
  return new Date(nowMs + days * DAY_MS).toISOString().replace(/\.\d+Z$/, "Z");
}
