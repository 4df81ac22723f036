import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { SetOrigin } from "../stored-set.ts";
import type { SetStore, StoredSet } from "../stored-set.ts";
import { readOrNull, syncPath, writeAtomically, writeDurably } from "../../../core/atomic-file.ts";
import { stamp, unstamp } from "./stamped.ts";

const SLOTS = ["slot.0", "slot.1"] as const;
const Manifest = z.strictObject({ format: z.literal(1), count: z.int().min(1), origin: SetOrigin });
const Confirmed = z.strictObject({ format: z.literal(1), confirmedMs: z.number() });

interface Slot extends StoredSet {
  readonly name: (typeof SLOTS)[number];
  readonly count: number;
}

/**
 * Two slots, each a set's bytes and its manifest. A new set is written over the older one: first that one's manifest
 * goes, then the bytes are written and synced, then the new manifest is renamed to its place, which is the moment from
 * which the new set counts. At every instant the other slot is whole.
 */
export async function openDiskSetStore(folder: string): Promise<SetStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const manifestOf = (name: string) => join(folder, `${name}.manifest`);
  const confirmedPath = join(folder, "confirmed");

  async function read(name: (typeof SLOTS)[number]): Promise<Slot | null> {
    const manifest = await readStamped(manifestOf(name), Manifest);
    const bytes = manifest === null ? null : await readOrNull(join(folder, name));
    if (manifest === null || bytes === null) return null;
    const { origin, count } = manifest;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return sha256 === origin.sha256 ? { name, count, origin, bytes } : null;
  }
  const newest = async (): Promise<Slot | null> => {
    const slots = await Promise.all(SLOTS.map(read));
    return slots.filter((slot) => slot !== null).toSorted((a, b) => b.count - a.count)[0] ?? null;
  };
  return {
    newest,
    async put({ origin, bytes }) {
      const last = await newest();
      const name = last?.name === "slot.0" ? "slot.1" : "slot.0";
      await rm(manifestOf(name), { force: true });
      await syncPath(folder);
      await writeDurably(join(folder, name), bytes);
      await writeAtomically(manifestOf(name), stamp({ format: 1, count: (last?.count ?? 0) + 1, origin }));
    },
    confirmedMs: async () => (await readStamped(confirmedPath, Confirmed))?.confirmedMs ?? null,
    confirm: (confirmedMs) => writeAtomically(confirmedPath, stamp({ format: 1, confirmedMs })),
  };
}

async function readStamped<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const bytes = await readOrNull(path);
  return bytes === null ? null : unstamp(bytes, schema);
}
