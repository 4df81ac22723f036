import { CamfenceError, messageOf } from "../../core/errors.ts";
import { openSet } from "../update/sealed-set.ts";
import { setPath } from "../update/set-target.ts";
import { isTarget } from "../update/tuf/target-file.ts";
import { formatOf } from "../update/zone-format.ts";
import type { ZoneSet } from "../zone-set.ts";
import { targetFilePath } from "./add-set.ts";
import type { Published } from "./published.ts";
import type { RepositoryFolder } from "./repository-folder.ts";

/**
 * The set for all vehicles of an area, expired or not; null where none is published yet. Throws CamfenceError where it cannot
 * be read, such as an encrypted one without an identity.
 */
export async function publishedSet(
  published: Published,
  area: string,
  {
    folder,
    identities,
    nowMs,
  }: {
    readonly folder: RepositoryFolder;
    readonly identities: readonly string[];
    readonly nowMs: number;
  },
): Promise<ZoneSet | null> {
  const target = (published.areas.get(area) ?? published.targets).targets[setPath(area)];
  if (target === undefined) return null;
  const path = targetFilePath(target);
  try {
    const bytes = await folder.target(path);
    if (!isTarget(bytes, target))
      throw new CamfenceError("tampered", "its bytes are not those that were signed");
    const opened = await openSet(bytes, identities);
    return formatOf(opened).load(opened, { nowMs, expired: "accept" });
  } catch (thrown) {
    const code = thrown instanceof CamfenceError ? thrown.code : "fault";
    const message = `the set for ${area} that is published cannot be compared with: ${messageOf(thrown)}; give what opens it, --identity FILE, or the set itself, --previous ${area}=PATH`;
    throw new CamfenceError(code, message, { file: path, cause: thrown });
  }
}
