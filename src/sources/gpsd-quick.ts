import type { Tpv } from "./gpsd-record.ts";
import { plainUtcMs } from "./utc.ts";

/**
 * A TPV whose fields are all as gpsd writes them; null for anything else, which the schema then reads. Half of the time
 * of reading a fleet's drives went there; a test holds that both say the same.
 */
export function quickTpv(value: unknown): Tpv | null {
  if (typeof value !== "object" || value === null || !isTpv(value)) return null;
  const { mode, status, lat, lon, eph, epx, epy, speed, track } = value;
  const time = typeof value.time === "string" ? plainUtcMs(value.time) : Number.NaN;
  const isPlain =
    time >= 0 &&
    (mode === 0 || mode === 1 || mode === 2 || mode === 3) &&
    (status === undefined || (isAmount(status, Number.MAX_SAFE_INTEGER) && Number.isInteger(status))) &&
    isWithin(lat, 90) &&
    isWithin(lon, 180) &&
    isOptionalAmount(eph, Number.MAX_VALUE) &&
    isOptionalAmount(epx, Number.MAX_VALUE) &&
    isOptionalAmount(epy, Number.MAX_VALUE) &&
    isOptionalAmount(speed, Number.MAX_VALUE) &&
    isOptionalAmount(track, 360);
  return isPlain ? { class: "TPV", mode, time, status, lat, lon, eph, epx, epy, speed, track } : null;
}

type Unchecked = { readonly [Field in Exclude<keyof Tpv, "class">]?: unknown };

function isTpv(value: object): value is Unchecked {
  return "class" in value && value.class === "TPV";
}

function isAmount(value: unknown, most: number): value is number {
  return typeof value === "number" && value >= 0 && value <= most;
}

function isOptionalAmount(value: unknown, most: number): value is number | undefined {
  return value === undefined || isAmount(value, most);
}

function isWithin(value: unknown, most: number): value is number | undefined {
  return value === undefined || (typeof value === "number" && value >= -most && value <= most);
}
