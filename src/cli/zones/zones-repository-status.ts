import { CamfenceError } from "../../core/errors.ts";
import type { RoleDraft } from "../../zones/rollout/draft.ts";
import { TOP_LEVEL } from "../../zones/rollout/draft.ts";
import { keysOf } from "../../zones/rollout/change-keys.ts";
import type { Published } from "../../zones/rollout/published.ts";
import { openRepositoryFolder } from "../../zones/rollout/repository-folder.ts";
import { noteOf } from "../../zones/update/set-target.ts";
import type { ExitCode, Io } from "../io.ts";

/** What a repository publishes: 1 when a part of it is expired. */
export async function repositoryStatus(folder: string, json: boolean, io: Io): Promise<ExitCode> {
  const published = await openRepositoryFolder(folder).read();
  if (published === null) throw new CamfenceError("usage", `${folder}: got no repository and no zone store`);
  const roles = [...TOP_LEVEL, ...published.areas.keys()].map((role) =>
    roleStatus(published, role, io.nowMs()),
  );
  const sets = [published.targets, ...published.areas.values()].flatMap(({ targets }) =>
    Object.values(targets).map((target) => {
      const { issued = "", canary } = noteOf(target) ?? {};
      return { target: target.path, issued, bytes: target.length, canary: canary ?? null };
    }),
  );
  io.stdout(
    json
      ? `${JSON.stringify({ roles, sets })}\n`
      : [...roles.map(roleLine), ...sets.map(setLine), ""].join("\n"),
  );
  return roles.some(({ expired }) => expired) ? 1 : 0;
}

type RoleStatus = ReturnType<typeof roleStatus>;

function roleStatus(published: Published, role: string, nowMs: number) {
  const signed = signedOf(published, role);
  const { keys, threshold }: RoleDraft = keysOf(published, role);
  const expires = signed?.expires ?? "";
  const keyIds = keys.map(({ keyID }) => keyID);
  return {
    role,
    version: signed?.version ?? 0,
    expires,
    expired: !(nowMs < Date.parse(expires)),
    threshold,
    keyIds,
  };
}

function signedOf({ root, targets, snapshot, timestamp, areas }: Published, role: string) {
  if (role === "root") return root;
  if (role === "targets") return targets;
  if (role === "snapshot") return snapshot;
  return role === "timestamp" ? timestamp : areas.get(role);
}

function roleLine({ role, version, expires, expired, threshold, keyIds }: RoleStatus): string {
  const keys = keyIds.map((id) => id.slice(0, 12)).join(", ");
  return `${role.padEnd(10)} ${String(version).padStart(4)}  ${expired ? "EXPIRED" : "until"} ${expires}  ${threshold} of ${keys}`;
}

function setLine({
  target,
  issued,
  bytes,
  canary,
}: {
  readonly target: string;
  readonly issued: string;
  readonly bytes: number;
  readonly canary: { readonly from: string; readonly to: string } | null;
}): string {
  return `${target}  issued ${issued}, ${bytes} bytes${canary === null ? "" : `, vehicles ${canary.from}..${canary.to}`}`;
}
