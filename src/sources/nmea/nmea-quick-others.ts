import { byteAt } from "../../core/at.ts";
import { COMMA, at, countCommas, isLost, number, optional, skipFields } from "./nmea-cursor.ts";
import { knotsToMps } from "./nmea-fields.ts";
import { modeIn, placeAt, qualityOfMode, timeOfDay } from "./nmea-quick-fields.ts";
import type { Statement } from "./nmea-statement.ts";
import { SILENT } from "./nmea-statement.ts";

/* What most receivers send beside RMC and GGA, each from its first field on; null for what is to be read slowly. */

export function quickGll(bytes: Uint8Array, star: number): Statement | null {
  const place = placeAt(bytes);
  const timeOfDayMs = timeOfDay(bytes);
  if (place === null || isLost() || byteAt(bytes, at) !== VALID) return null;
  if (at + 1 !== star && byteAt(bytes, at + 1) !== COMMA) return null;
  const quality = qualityOfMode(modeIn(bytes, star, 1));
  if (quality === "malformed" || quality === "none") return null;
  return { ...SILENT, timeOfDayMs, quality, place };
}

export function quickVtg(bytes: Uint8Array, star: number): Statement | null {
  const courseDeg = optional(bytes);
  if (isLost() || (courseDeg ?? 0) > 360 || !skipFields(bytes, star, 3)) return null;
  const knots = optional(bytes);
  // Two more must follow, or the sentence may be cut off.
  if (isLost() || at > star || countCommas(bytes, star) < 1) return null;
  const mode = modeIn(bytes, star, 3);
  if (mode === null || mode === NO_FIX) return null;
  return { ...SILENT, speedMps: knotsToMps(knots), courseDeg };
}

export function quickGsa(bytes: Uint8Array, star: number): Statement | null {
  if (!skipFields(bytes, star, 1)) return null;
  const gsaMode = number(bytes);
  // Twelve satellites and the dilution in space.
  if (isLost() || at > star || !skipFields(bytes, star, 13)) return null;
  const hdop = optional(bytes);
  if (isLost() || at > star || countCommas(bytes, star) > 1) return null;
  return { ...SILENT, gsaMode, hdop };
}

const [VALID, NO_FIX] = [0x41, 0x4e];
