import { checkObject } from "./check-object.ts";
import type { Findings } from "./findings.ts";
import type { JsonObject } from "./json-object.ts";
import { findingOf, under } from "./mistake.ts";
import { expired } from "./rules/expired.ts";
import { issuedInFuture } from "./rules/issued-in-future.ts";
import { validity } from "./rules/validity.ts";
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
  { issued, expires }: Pick<ZoneFileHeader, "issued" | "expires">,
  { nowMs, expired: ifExpired = "refuse" }: HeaderOptions,
  findings: Findings,
): void {
  const path = under(null, "camfence");
  const times = { from: { name: "issued", iso: issued }, until: { name: "expires", iso: expires } };
  findings.passes(validity, validity.check(times), path);
  findings.passes(issuedInFuture, issuedInFuture.check(times, nowMs), path);
  const problem = expired.check(times, nowMs);
  const severity = ifExpired === "accept" ? "warning" : "error";
  if (problem) findings.add({ ...findingOf(expired, problem, path), severity });
}
