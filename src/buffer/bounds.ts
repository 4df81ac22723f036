import type { BufferPolicy, RetentionKey } from "./policy.ts";
import type { Segment, StoreEvent } from "./segment-store.ts";
import type { SegmentVault } from "./segment-vault.ts";

/** How much of the file system may fill up between two looks at it. */
const LOOK_EVERY_BYTES = 4 * 1024 * 1024;

/** Keeps the buffer within its bounds. */
export interface Bounds {
  /**
   * Makes room for `bytes` more beside `openBytes` of unfinished segments, and for the `reserveBytes` that ending them
   * may take. `hasRoom` false: nothing may be written. Rejects with the disk's error.
   */
  makeRoom(bytes: number, reserveBytes: number, openBytes: number): Promise<Room>;
  /** Deletes one segment, if the policy allows that and there is one. */
  evictOne(): Promise<readonly StoreEvent[]>;
}

export interface Room {
  readonly hasRoom: boolean;
  readonly events: readonly StoreEvent[];
}

export function createBounds(vault: SegmentVault, policy: BufferPolicy): Bounds {
  let freeBytes = -Infinity;
  let sinceLook = 0;

  async function isFree(bytes: number, reserveBytes: number): Promise<boolean> {
    sinceLook += bytes;
    const keptBytes = policy.minFreeBytes + reserveBytes;
    if (sinceLook >= LOOK_EVERY_BYTES || freeBytes - sinceLook < keptBytes) {
      freeBytes = await vault.freeBytes();
      sinceLook = bytes;
    }
    return freeBytes - sinceLook >= keptBytes;
  }

  async function evictOne(): Promise<readonly StoreEvent[]> {
    if (policy.whenFull !== "delete-oldest") return [];
    const [first] = vault.list().toSorted(byRetention(policy.retention));
    if (first === undefined) return [];
    freeBytes = -Infinity;
    const destroyed = await vault.destroy(first.id, "room");
    return destroyed.kind === "destroyed" ? [destroyed] : [];
  }

  return {
    evictOne,
    async makeRoom(bytes, reserveBytes, openBytes) {
      const events: StoreEvent[] = [];
      for (;;) {
        const isWithin = vault.usedBytes() + openBytes + bytes + reserveBytes <= policy.maxBytes;
        if (isWithin && (await isFree(bytes, reserveBytes))) return { hasRoom: true, events };
        const evicted = await evictOne();
        if (evicted.length === 0) return { hasRoom: false, events };
        events.push(...evicted);
      }
    },
  };
}

const KEYS: Readonly<Record<RetentionKey, (segment: Segment) => number>> = {
  oldest: ({ firstMs }) => firstMs,
  held: ({ state }) => (state === "held" ? 0 : 1),
  recovered: ({ ending }) => (ending === "recovered" ? 0 : 1),
  largest: ({ bytes }) => -bytes,
};

/** The order in which segments make room. */
export function byRetention(keys: readonly RetentionKey[]): (a: Segment, b: Segment) => number {
  return (a, b) => {
    for (const key of keys) {
      const order = KEYS[key](a) - KEYS[key](b);
      if (order !== 0) return order;
    }
    return a.firstMs - b.firstMs;
  };
}
