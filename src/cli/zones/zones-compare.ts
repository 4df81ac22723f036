import { readFile } from "node:fs/promises";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { diffZoneSets } from "../../zones/diff/diff-zone-sets.ts";
import { loadZones } from "../../zones/load-zones.ts";
import type { Published } from "../../zones/rollout/published.ts";
import { publishedSet } from "../../zones/rollout/published-set.ts";
import type { ReleaseOptions } from "../../zones/rollout/release.ts";
import { identitiesIn } from "../../zones/update/sealed-set.ts";
import type { ZoneSetContent } from "../../zones/zone.ts";
import type { Io } from "../io.ts";
import { lineOf } from "./zones-change-line.ts";

/** What `zones publish` may be told about the sets that are published. */
export interface CompareOptions {
  /** By area, where not the published set is to be compared with. */
  readonly previous: ReadonlyMap<string, readonly string[]>;
  readonly identityFiles: readonly string[];
  readonly allowWeaker: readonly string[];
}

/** What vehicles of an area have now; null before the first time. */
export async function earlierSet(
  published: Published,
  area: string,
  { previous, identityFiles }: CompareOptions,
  { folder, nowMs }: ReleaseOptions,
): Promise<ZoneSetContent | null> {
  const paths = previous.get(area);
  if (paths === undefined) {
    const texts = await Promise.all(identityFiles.map(textOf));
    return publishedSet(published, area, { folder, nowMs, identities: texts.flatMap(identitiesIn) });
  }
  const load = await loadZones(paths, { nowMs, expired: "accept" });
  if (load.outcome === "loaded") return load.content;
  throw new CamfenceError("zones-invalid", `--previous: ${paths.join(" ")} has mistakes; name a good set`);
}

/** More changes are counted only; `zones diff` lists all. */
const MAX_TOLD = 20;

/** Throws `zones-invalid` for a set that protects less than the earlier one without leave, after telling where. */
export function refuseWeaker(
  area: string,
  earlier: ZoneSetContent | null,
  next: ZoneSetContent,
  {
    nowMs,
    allowWeaker,
    io,
  }: Pick<CompareOptions, "allowWeaker"> & { readonly nowMs: number; readonly io: Io },
): void {
  if (earlier === null) return;
  const { changes, weaker } = diffZoneSets(earlier, next, { nowMs, toleranceM2: TOLERANCE_M2 });
  const refused = new Set(weaker.filter((id) => !allowWeaker.includes(id)));
  if (refused.size === 0) return;
  const told = changes.filter(({ id }) => refused.has(id)).slice(0, MAX_TOLD);
  for (const change of told) io.stderr(`${lineOf(change, new Set())}\n`);
  const names = told.map(({ id }) => `--allow-weaker ${id}`).join(" ");
  const others = refused.size > told.length ? `, and ${refused.size - told.length} more` : "";
  throw new CamfenceError(
    "zones-invalid",
    `the set for ${area} protects less than the one that is published; nothing is published. If that is meant: ${names}${others}`,
  );
}

/** As `zones diff` has it by itself: so much opened area of a zone is rounding. */
const TOLERANCE_M2 = 1;

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new CamfenceError("unreadable", `${file}: ${messageOf(cause)}`, { file, cause });
  }
}
