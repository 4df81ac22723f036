import type { Fix } from "./fix.ts";

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

function qualityOfMode(mode: string | undefined): StatedQuality | "malformed" {
  return mode === undefined || mode === "" ? undefined : (MODE_QUALITY[mode] ?? "malformed");
}

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
