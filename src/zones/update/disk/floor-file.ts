import { join } from "node:path";
import * as z from "zod";
import { NO_FLOOR, TrustFloor } from "../trust-floor.ts";
import { UpdateError } from "../update-error.ts";
import { readOrNull, writeAtomically } from "../../../core/atomic-file.ts";
import { stamp, unstamp } from "./stamped.ts";

const NAMES = ["floor.0", "floor.1"] as const;
const Copy = z.strictObject({ format: z.literal(1), count: z.int().min(0), floor: TrustFloor });

/** The trust floor in two copies, written in turn: whatever tears one leaves the one before it. */
export interface FloorFile {
  read(): Promise<TrustFloor>;
  write(floor: TrustFloor): Promise<void>;
}

/**
 * Rejects with UpdateError `store` when there are copies and none is whole: to begin at zero would accept what was
 * refused before (rule 4). `camfence zones update` says what to do.
 */
export function openFloorFile(folder: string): FloorFile {
  let newest: z.infer<typeof Copy> | null = null;
  async function load(): Promise<z.infer<typeof Copy>> {
    const files = await Promise.all(NAMES.map((name) => readOrNull(join(folder, name))));
    const there = files.filter((bytes) => bytes !== null);
    const whole = there.map((bytes) => unstamp(bytes, Copy)).filter((copy) => copy !== null);
    if (there.length > 0 && whole.length === 0)
      throw new UpdateError(
        "store",
        `${folder}: both copies of the version floor are torn; provision the vehicle's zone store anew`,
      );
    return whole.toSorted((a, b) => b.count - a.count)[0] ?? { format: 1, count: 0, floor: NO_FLOOR };
  }
  return {
    read: async () => (newest ??= await load()).floor,
    async write(floor) {
      newest ??= await load();
      const next = { format: 1 as const, count: newest.count + 1, floor };
      await writeAtomically(join(folder, NAMES[next.count % 2 === 0 ? 0 : 1]), stamp(next));
      newest = next;
    },
  };
}
