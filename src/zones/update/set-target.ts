import type { TargetFile } from "@tufjs/models";
import * as z from "zod";
import { parseIsoMs } from "../../core/time.ts";
import { UpdateError } from "./update-error.ts";
import type { FoundTarget } from "./tuf/find-target.ts";
import { findTarget } from "./tuf/find-target.ts";
import type { Trusted, TufPorts } from "./tuf/refresh.ts";

/** The vehicles from one id to another; both belong to it. */
export const VehicleRange = z.strictObject({ from: z.string().min(1), to: z.string().min(1) });
export type VehicleRange = Readonly<z.infer<typeof VehicleRange>>;

/** What targets metadata says of a set, beyond what TUF knows. */
export const SetNote = z.strictObject({
  issued: z.string(),
  /** Only these vehicles take it. Absent: all. */
  canary: VehicleRange.optional(),
});
export type SetNote = Readonly<z.infer<typeof SetNote>>;

const Custom = z.object({ camfence: SetNote });

/** The path of an area's set; those of canary groups begin with it. */
export const setPath = (area: string) => `${area}/zones`;

/** null for a target that is no zone set of ours. */
export function noteOf(target: TargetFile): SetNote | null {
  return Custom.safeParse(target.custom).data?.camfence ?? null;
}

/**
 * The set of a vehicle: that of its area, or the newest of the canary groups that it belongs to where that is no older.
 * Rejects with UpdateError `no-target` where nobody who may has one.
 */
export async function findSet(
  ports: TufPorts,
  trusted: Trusted,
  { area, vehicle }: { readonly area: string; readonly vehicle?: string | undefined },
): Promise<FoundTarget> {
  const path = setPath(area);
  const found = await findTarget(ports, trusted, path);
  if (found === null) throw new UpdateError("no-target", `the repository has no set ${path}`);
  let best = found;
  for (const target of Object.values(found.targets.signed.targets)) {
    const canary = noteOf(target)?.canary;
    if (!target.path.startsWith(path) || vehicle === undefined || canary === undefined) continue;
    if (isInRange(vehicle, canary) && issuedMs(target) >= issuedMs(best.target)) best = { ...found, target };
  }
  return best;
}

const issuedMs = (target: TargetFile) => parseIsoMs(noteOf(target)?.issued ?? "") || 0;

/** Ids are ordered by length, then by text: so are numbers, and ids of one length such as VINs. */
export function isInRange(id: string, { from, to }: VehicleRange): boolean {
  return compareIds(from, id) <= 0 && compareIds(id, to) <= 0;
}

export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
