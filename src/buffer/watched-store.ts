import type { Destroyed, Failed, Gone, HashDiffers, Segment, SegmentStore, Sent } from "./segment-store.ts";

type Removal = Sent | Destroyed | Gone | Failed | HashDiffers;

/**
 * The store as others use it: what they remove is told like all else, whether or not they wait for the answer. After
 * `shut`, nothing is removed any more.
 */
export function watched(
  store: SegmentStore,
  follow: (removed: Promise<readonly (Sent | Destroyed)[]>) => void,
): SegmentStore & { shut(): void } {
  let isShut = false;
  function told<T extends Removal>(id: Segment["id"], remove: () => Promise<T>): Promise<T | Failed> {
    if (isShut) return Promise.resolve({ kind: "failed", id, detail: "the store is closed" });
    const work = remove();
    follow(
      work.then((ended: Removal) => (ended.kind === "sent" || ended.kind === "destroyed" ? [ended] : [])),
    );
    return work;
  }
  return {
    list: () => store.list(),
    read: (id, fromByte) => store.read(id, fromByte),
    destroy: (id, why) => told(id, () => store.destroy(id, why)),
    confirmSent: (id, sha256) => told(id, () => store.confirmSent(id, sha256)),
    shut() {
      isShut = true;
    },
  };
}
