import * as z from "zod";
import { CamfenceError } from "../../core/errors.ts";
import type { Files } from "./files.ts";
import { isMissing, readUpTo, withFile, writeAll } from "./files.ts";

/** Frames after `afterMs` up to `untilMs` must not stay. */
export interface Interval {
  readonly afterMs: number;
  readonly untilMs: number;
}

export const REVOCATIONS = "revocations.json";
const PARTIAL = `${REVOCATIONS}.partial`;

const Content = z.strictObject({
  camfence: z.literal("revocations"),
  version: z.literal(1),
  intervals: z.array(z.strictObject({ afterMs: z.number(), untilMs: z.number() })),
});

/**
 * Revocations that are not carried out yet, durably: what a crash interrupts, the next start carries out. A power cut
 * leaves the old list or the new one. Rejects with the disk's error.
 */
export async function saveRevocations(files: Files, intervals: readonly Interval[]): Promise<void> {
  await files.remove(PARTIAL);
  if (intervals.length === 0) {
    await files.remove(REVOCATIONS);
    return files.syncFolder();
  }
  const text = JSON.stringify({ camfence: "revocations", version: 1, intervals: intervals.map(finite) });
  await withFile(files, PARTIAL, "create", async (file) => {
    await writeAll(file, Buffer.from(text), 0);
    await file.sync();
  });
  await files.rename(PARTIAL, REVOCATIONS);
  await files.syncFolder();
}

/** Throws CamfenceError `malformed` for a list that is not readable: then nobody knows which segments may stay. */
export async function loadRevocations(files: Files): Promise<readonly Interval[]> {
  try {
    const bytes = await withFile(files, REVOCATIONS, "read", async (file) =>
      readUpTo(file, await file.size(), 0),
    );
    return parse(bytes.toString("utf8"));
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw thrown;
  }
}

function parse(text: string): readonly Interval[] {
  try {
    return Content.parse(JSON.parse(text)).intervals;
  } catch (cause) {
    throw new CamfenceError(
      "malformed",
      `${REVOCATIONS} is no list of revocations of version 1: segments that must go cannot be told from others; purge them all (camfence buffer purge DIR --all), then remove the file`,
      { file: REVOCATIONS, cause },
    );
  }
}

/** JSON knows no infinity. */
function finite({ afterMs, untilMs }: Interval): Interval {
  return { afterMs: Math.max(afterMs, -MOST_MS), untilMs: Math.min(untilMs, MOST_MS) };
}
const MOST_MS = 8.64e15;
