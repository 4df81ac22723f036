import { createHash } from "node:crypto";
import { TargetFile } from "@tufjs/models";
import { CamfenceError } from "../../core/errors.ts";
import { formatIso, parseIsoMs } from "../../core/time.ts";
import type { VehicleRange } from "../update/set-target.ts";
import { compareIds, noteOf, setPath } from "../update/set-target.ts";
import { AREA, nextTargets } from "./draft.ts";
import type { Lifetimes, Published } from "./published.ts";
import { expiryAfter } from "./published.ts";

/** A set as vehicles will get it. */
export interface SetToPublish {
  readonly area: string;
  readonly bytes: Buffer;
  readonly issuedMs: number;
  /** null = for all vehicles, and the end of the area's canary groups. */
  readonly canary: VehicleRange | null;
}

/** Where the bytes of a target go, below the repository: TUF 6.1, its hash before its name. */
export function targetFilePath({ path, hashes }: TargetFile): string {
  const [area = "", name = ""] = path.split("/");
  return `targets/${area}/${hashes["sha256"] ?? ""}.${name}`;
}

/**
 * The next state with a set in it, under its area's role where there is one and under `targets` otherwise. Throws
 * `zones-invalid` for a set older than the one that is published: no vehicle would take it (rule 4).
 */
export function addSet(
  published: Published,
  set: SetToPublish,
  { nowMs, lifetimes }: { readonly nowMs: number; readonly lifetimes: Lifetimes },
): { readonly next: Published; readonly target: TargetFile } {
  if (!AREA.test(set.area))
    throw new CamfenceError("usage", `got area "${set.area}", expected a small name such as cn`);
  const role = published.areas.get(set.area) ?? published.targets;
  const own = Object.values(role.targets).filter(({ path }) => path.startsWith(`${set.area}/`));
  checkOrder(set, own);
  const target = targetOf(set);
  const others = Object.values(role.targets).filter(
    (other) => !(set.canary === null ? own.includes(other) : other.path === target.path),
  );
  const expires = expiryAfter(nowMs, lifetimes.targets);
  const changed = nextTargets(role, { targets: [...others, target] }, expires);
  const next = published.areas.has(set.area)
    ? { ...published, areas: new Map([...published.areas, [set.area, changed]]) }
    : { ...published, targets: changed };
  return { next, target };
}

function checkOrder({ area, issuedMs, canary }: SetToPublish, own: readonly TargetFile[]): void {
  if (canary !== null && !own.some(({ path }) => path === setPath(area)))
    throw new CamfenceError(
      "usage",
      `area ${area} has no set for all yet; publish one without --canary first`,
    );
  for (const target of own) {
    const issued = noteOf(target)?.issued ?? "";
    if (!(parseIsoMs(issued) > issuedMs)) continue;
    throw new CamfenceError(
      "zones-invalid",
      `the set for ${area} was issued ${formatIso(issuedMs)}, and ${target.path} that is published ${issued}: no vehicle takes an older one; issue it anew`,
    );
  }
}

function targetOf({ area, bytes, issuedMs, canary }: SetToPublish): TargetFile {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const camfence = { issued: formatIso(issuedMs), ...(canary === null ? {} : { canary: { ...canary } }) };
  return new TargetFile({
    path: canary === null ? setPath(area) : canaryPath(area, canary),
    length: bytes.length,
    hashes: { sha256 },
    unrecognizedFields: { custom: { camfence } },
  });
}

/** One path a group, so that the group's next set takes its place. */
function canaryPath(area: string, { from, to }: VehicleRange): string {
  if (compareIds(from, to) > 0)
    throw new CamfenceError("usage", `got --canary ${from}..${to}, expected the lower id first`);
  const group = createHash("sha256").update(`${from}\n${to}`).digest("hex").slice(0, 16);
  return `${setPath(area)}.canary-${group}`;
}
