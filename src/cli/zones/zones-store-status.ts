import { join } from "node:path";
import { formatIso } from "../../core/time.ts";
import { openDiskSetStore } from "../../zones/update/disk/disk-set-store.ts";
import { openDiskTrustStore } from "../../zones/update/disk/disk-trust-store.ts";
import { freshnessAt } from "../../zones/update/freshness.ts";
import { STORE_FOLDERS } from "../../zones/update/store-folders.ts";
import { ZoneUpdatePolicy } from "../../zones/update/policy.ts";
import { trustedMs } from "../../zones/update/trusted-time.ts";
import { numberOption } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";

interface Values {
  readonly "max-age-days"?: string | undefined;
  readonly "close-age-days"?: string | undefined;
  readonly json: boolean;
}

const { maxZoneAgeDays, closeZoneAgeDays, staleMarginM } = ZoneUpdatePolicy.shape;
const DAY_MS = 24 * 3600 * 1000;

/** What is in force in a vehicle: 1 unless it is fresh. */
export async function storeStatus(folder: string, values: Values, io: Io): Promise<ExitCode> {
  const trust = await openDiskTrustStore(join(folder, STORE_FOLDERS.trust));
  const sets = await openDiskSetStore(join(folder, STORE_FOLDERS.sets));
  const floor = await trust.floor();
  const nowMs = trustedMs(io.nowMs(), floor);
  const stored = await sets.newest();
  if (stored === null || stored.origin.issuedMs < floor.setIssuedMs) {
    const reason = stored === null ? "no zone set is stored" : "the set that was in force is torn";
    io.stdout(values.json ? `${JSON.stringify({ phase: "none", reason })}\n` : `none: ${reason}\n`);
    return 1;
  }
  const { origin } = stored;
  const confirmedMs = (await sets.confirmedMs()) ?? origin.sinceMs;
  const times = { expiresMs: origin.expiresMs, confirmedMs };
  const freshness = freshnessAt(nowMs, times, policyOf(values));
  const ageDays = Math.max(0, nowMs - confirmedMs) / DAY_MS;
  const shown = { ...freshness, untilMs: undefined, ageDays: Number(ageDays.toFixed(2)) };
  const dates = {
    issued: formatIso(origin.issuedMs),
    expires: formatIso(origin.expiresMs),
    since: formatIso(origin.sinceMs),
    confirmed: formatIso(confirmedMs),
  };
  const { target, repository, role, signers, versions, setHash, sha256, bytes } = origin;
  const from = { target, repository, role, signers, versions, setHash, sha256, bytes };
  io.stdout(
    values.json
      ? `${JSON.stringify({ ...shown, ...dates, ...from })}\n`
      : [
          `${freshness.phase}${freshness.reason === null ? "" : `: ${freshness.reason}`}`,
          `set        ${setHash.slice(0, 16)}, issued ${dates.issued}, expires ${dates.expires}`,
          `in force   since ${dates.since}; confirmed ${dates.confirmed}, ${ageDays.toFixed(1)} days ago`,
          `from       ${target} of ${repository}`,
          `signed by  ${role}: ${signers.map((id) => id.slice(0, 12)).join(", ")}`,
          `versions   root ${versions.root}, timestamp ${versions.timestamp}, snapshot ${versions.snapshot}, ${role} ${versions.targets}`,
          "",
        ].join("\n"),
  );
  return freshness.phase === "fresh" ? 0 : 1;
}

function policyOf(values: Values) {
  const days = (name: "max-age-days" | "close-age-days") => {
    const text = values[name];
    return text === undefined ? undefined : numberOption(name, text, 0.001, 3650);
  };
  return {
    maxZoneAgeDays: maxZoneAgeDays.parse(days("max-age-days")),
    closeZoneAgeDays: closeZoneAgeDays.parse(days("close-age-days")),
    staleMarginM: staleMarginM.parse(undefined),
  };
}
