import { NO_FLOOR, raised } from "./trust-floor.ts";
import type { TrustFloor } from "./trust-floor.ts";
import type { TrustStore } from "./update-store.ts";

/** For those who update once and keep nothing. */
export function createMemoryTrustStore(root: Buffer): TrustStore {
  const roles = new Map([["root", root]]);
  let floor: TrustFloor = NO_FLOOR;
  return {
    read: async (role) => roles.get(role) ?? null,
    write: async (role, bytes) => void roles.set(role, bytes),
    floor: async () => floor,
    raise: async (change) => (floor = raised(floor, change)),
  };
}
