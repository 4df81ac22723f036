import { formatIso, parseIsoMs } from "../../core/time.ts";
import { checkObject, type JsonObject } from "./check-properties.ts";
import type { Findings } from "./findings.ts";
import { under } from "./mistake.ts";
import { show } from "./show.ts";
import { ZoneFileHeader } from "../zone-file.ts";

/** When a file is checked, and how strict about its age. */
export interface HeaderOptions {
  /** The time to check for, milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /**
   * `accept`: an expired file loads, with a warning, and every verdict from it says `zones-expired`.
   * @default "refuse"
   */
  readonly expired?: "refuse" | "accept";
}

/** Checks the `camfence` member of a file; null when it has a mistake that leaves its features without a meaning. */
export function checkHeader(
  file: JsonObject,
  options: HeaderOptions,
  findings: Findings,
): ZoneFileHeader | null {
  const header = checkObject(ZoneFileHeader, file["camfence"], under(null, "camfence"), findings);
  if (header) checkTimes(header, options, findings);
  return header;
}

/** Reports times that make no sense, or are past. */
export function checkTimes(
  header: Pick<ZoneFileHeader, "issued" | "expires">,
  { nowMs, expired = "refuse" }: HeaderOptions,
  findings: Findings,
): void {
  const [issuedMs, expiresMs] = [parseIsoMs(header.issued), parseIsoMs(header.expires)];
  const at = under(null, "camfence", "expires");
  const got = show(header.expires);
  const now = Number.isFinite(nowMs) ? formatIso(nowMs) : "now";
  if (expiresMs <= issuedMs)
    findings.add({
      rule: "validity",
      at,
      got,
      expected: `a time after issued, ${header.issued}`,
      advice: "correct one",
    });
  // Written so that a clock without a time, NaN, counts as too late.
  if (!(nowMs < expiresMs))
    findings.add({
      severity: expired === "accept" ? "warning" : "error",
      rule: "expired",
      at,
      got: `a file that expired at ${header.expires}`,
      expected: `a time after ${now}`,
      advice: "get a new issue of this file; vehicles drop every frame with this one",
    });
  if (issuedMs > nowMs)
    findings.add({
      severity: "warning",
      rule: "issued-in-future",
      at: under(null, "camfence", "issued"),
      got: show(header.issued),
      expected: `a time up to ${now}`,
      advice: "check the clocks of the issuer and of this machine",
    });
}
