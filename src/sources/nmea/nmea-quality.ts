import type { Fix } from "../fix.ts";

/** What a sentence says of its fix; undefined when it says nothing, as NMEA 0183 before 2.3 does of a valid one. */
export type StatedQuality = Fix["quality"] | "none" | undefined;

/** The quality that is to be trusted least. */
export function least(qualities: readonly StatedQuality[]): StatedQuality {
  return LEAST_FIRST.find((quality) => qualities.includes(quality));
}

/** Status A (valid) or V (void) of RMC and GLL, with the mode indicator that NMEA 0183 has from 2.3 on. */
export function qualityOfStatus(
  status: string | undefined,
  mode: string | undefined,
): StatedQuality | "malformed" {
  if (status === "V") return "none";
  return status === "A" ? qualityOfMode(mode) : "malformed";
}

/** The quality indicator of GGA. An unknown or missing one is refused: it could mean anything. */
export function qualityOfGga(indicator: string | undefined): StatedQuality | "malformed" {
  return GGA_QUALITY[indicator ?? ""] ?? "malformed";
}

/** GNS has one mode letter per constellation: those without a part in the fix say N, the least of the rest counts. */
export function qualityOfModes(modes: string | undefined): StatedQuality | "malformed" {
  const each = (modes ?? "").split("").map((mode) => MODE_QUALITY[mode] ?? "malformed");
  const used = each.filter((quality) => quality !== "none" && quality !== "malformed");
  return each.length === 0 || each.includes("malformed") ? "malformed" : (least(used) ?? "none");
}

/**
 * Rule 2: a fix by satellites that used none of them is no fix. A Hemisphere receiver repeats its place so after it
 * lost them (gpsd's hemi.log), and gpsd judges likewise. An empty count says nothing.
 */
export function withSatellites(
  quality: StatedQuality | "malformed",
  satellites: string | undefined,
): StatedQuality | "malformed" {
  const usesNone = satellites !== undefined && /^0+$/.test(satellites);
  return usesNone && NEEDS_SATELLITES.has(quality) ? "none" : quality;
}

function qualityOfMode(mode: string | undefined): StatedQuality | "malformed" {
  return mode === undefined || mode === "" ? undefined : (MODE_QUALITY[mode] ?? "malformed");
}

const NEEDS_SATELLITES: ReadonlySet<StatedQuality | "malformed"> = new Set([
  "autonomous",
  "differential",
  "rtk-float",
  "rtk-fixed",
] as const);

const LEAST_FIRST = [
  "none",
  "simulated",
  "manual",
  "estimated",
  "autonomous",
  "differential",
  "rtk-float",
  "rtk-fixed",
] as const;

// NMEA 0183 4.1, GGA field 6; 9 is NovAtel's for satellite-based augmentation.
const GGA_QUALITY: Readonly<Record<string, StatedQuality>> = {
  0: "none",
  1: "autonomous",
  2: "differential",
  3: "autonomous",
  4: "rtk-fixed",
  5: "rtk-float",
  6: "estimated",
  7: "manual",
  8: "simulated",
  9: "differential",
};

// NMEA 0183 4.1, mode indicator; P is a precise (military) autonomous fix.
const MODE_QUALITY: Readonly<Record<string, StatedQuality>> = {
  N: "none",
  A: "autonomous",
  D: "differential",
  P: "autonomous",
  R: "rtk-fixed",
  F: "rtk-float",
  E: "estimated",
  M: "manual",
  S: "simulated",
};
