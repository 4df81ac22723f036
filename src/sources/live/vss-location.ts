import { accuracyFromSigmaM } from "../accuracy.ts";
import type { Fix, GnssReport } from "../fix.ts";
import type { SkipTally } from "../skipped.ts";
import { parseUtcMs } from "../utc.ts";
import type { VssUpdate, VssValue } from "./vss-update.ts";
import type { WheelSpeed } from "./wheel-speed.ts";

/** COVESA Vehicle Signal Specification, from 3.0 on. */
export const SPEED = "Vehicle.Speed";
export const LOCATION = "Vehicle.CurrentLocation";
const LATITUDE = `${LOCATION}.Latitude`;
const LONGITUDE = `${LOCATION}.Longitude`;
const TIMESTAMP = `${LOCATION}.Timestamp`;
const HEADING = `${LOCATION}.Heading`;
const ACCURACY = `${LOCATION}.HorizontalAccuracy`;
const FIX_TYPE = `${LOCATION}.GNSSReceiver.FixType`;
export const REQUIRED_LEAVES = [LATITUDE, LONGITUDE];
export const OPTIONAL_LEAVES = [TIMESTAMP, HEADING, ACCURACY, FIX_TYPE];

/** The databroker stamps the leaves of one update one by one, within microseconds. */
const ONE_UPDATE_MS = 5;

/** A speed so long before or after the fix is within ½ m/s of that at the fix, at 10 m/s². */
const SPEED_WITHIN_MS = 50;

/** Above it no vehicle reverses (the policy's `maxReverseMps`): where it points is where it goes. */
const FORWARD_MPS = 8;

export interface VssOptions {
  /** `leaf`: the receiver's own time, of the leaf `Timestamp`. `stamp`: when the databroker got the position. */
  readonly time: "leaf" | "stamp";
}

export interface VssLocation {
  /** Takes an update; answers the report that it makes, if any. */
  push(update: VssUpdate): GnssReport | undefined;
  /** The speed in an update, if there is one. */
  speedIn(update: VssUpdate): WheelSpeed | undefined;
}

/**
 * Makes fixes of single leaves. Latitude and longitude of different updates are never paired: they must come in one
 * message, stamped within 5 ms, or be stamped alike to the nanosecond. What the databroker tells first is its memory,
 * perhaps of several updates: only the latter rule counts there. The other leaves of a fix must keep to the same.
 */
export function vssLocation({ time }: VssOptions, skips: SkipTally): VssLocation {
  const known = new Map<string, VssValue>();
  let speed: WheelSpeed | undefined;
  let updates = 0;
  let lastNanos = "";

  const speedIn = (update: VssUpdate): WheelSpeed | undefined => {
    const found = update.get(SPEED);
    if (typeof found?.value !== "number" || !Number.isFinite(found.value)) return undefined;
    // Kilometres an hour; below 0 in reverse, in some vehicles.
    return { timeMs: found.stampMs, speedMps: Math.abs(found.value) / 3.6 };
  };

  const remember = (update: VssUpdate): void => {
    updates += 1;
    speed = speedIn(update) ?? (update.get(SPEED) === null ? undefined : speed);
    for (const [path, value] of update) {
      if (value === null) known.delete(path);
      else known.set(path, value);
    }
  };

  return {
    speedIn,
    push(update) {
      remember(update);
      const lat = known.get(LATITUDE);
      const together = (path: string): VssValue | undefined => {
        const leaf = known.get(path);
        if (lat === undefined || leaf === undefined) return undefined;
        const alike = leaf.stampMs === lat.stampMs && leaf.stampNanos === lat.stampNanos;
        const atOnce = updates > 1 && update.has(LATITUDE) && update.has(path);
        return alike || (atOnce && Math.abs(leaf.stampMs - lat.stampMs) <= ONE_UPDATE_MS) ? leaf : undefined;
      };
      if (!REQUIRED_LEAVES.some((path) => update.has(path))) return undefined;
      const lon = together(LONGITUDE);
      if (lat === undefined || lon === undefined) {
        skips.add("unpaired", updates);
        return undefined;
      }
      if (lastNanos === stampOf(lat)) return undefined;
      const timeMs = time === "stamp" ? Math.min(lat.stampMs, lon.stampMs) : leafTimeMs(together(TIMESTAMP));
      if (Number.isNaN(timeMs)) {
        skips.add("no-time", updates);
        return undefined;
      }
      lastNanos = stampOf(lat);
      const parts = { lat, lon, timeMs, heading: together(HEADING), accuracy: together(ACCURACY), speed };
      return reportOf(parts, qualityOf(known.get(FIX_TYPE)));
    },
  };
}

interface Parts {
  readonly lat: VssValue;
  readonly lon: VssValue;
  readonly timeMs: number;
  readonly heading: VssValue | undefined;
  readonly accuracy: VssValue | undefined;
  readonly speed: WheelSpeed | undefined;
}

/** `HorizontalAccuracy` says no confidence: it is taken as one sigma, as gpsd's estimates are. */
function reportOf(
  { lat, lon, timeMs, heading, accuracy, speed }: Parts,
  quality: GnssReport["quality"],
): GnssReport {
  const none: GnssReport = { timeMs, quality: "none" };
  if (quality === "none" || !isDegrees(lat.value, 90) || !isDegrees(lon.value, 180)) return none;
  const isNear = speed !== undefined && Math.abs(speed.timeMs - lat.stampMs) <= SPEED_WITHIN_MS;
  const speedMps = isNear ? speed.speedMps : null;
  const goesWhereItPoints = speedMps !== null && speedMps > FORWARD_MPS;
  return {
    timeMs,
    latDeg: lat.value,
    lonDeg: lon.value,
    accuracyM: accuracyFromSigmaM(numberIn(accuracy)) ?? null,
    speedMps,
    courseDeg: goesWhereItPoints ? directionIn(heading) : null,
    quality,
  };
}

function qualityOf(fixType: VssValue | undefined): GnssReport["quality"] {
  if (fixType === undefined) return "autonomous";
  return FIX_TYPES[String(fixType.value)] ?? "none";
}

/** VSS, Vehicle.CurrentLocation.GNSSReceiver.FixType; any other text is no fix. */
const FIX_TYPES: Readonly<Record<string, Fix["quality"]>> = Object.fromEntries(
  ["TWO_D", "THREE_D"].flatMap((dimensions) => [
    [dimensions, "autonomous"] as const,
    ...["SATELLITE_BASED", "GROUND_BASED", "SATELLITE_AND_GROUND_BASED"].map(
      (kind) => [`${dimensions}_${kind}_AUGMENTATION`, "differential"] as const,
    ),
  ]),
);

function leafTimeMs(leaf: VssValue | undefined): number {
  return typeof leaf?.value === "string" ? parseUtcMs(leaf.value) : Number.NaN;
}

function numberIn(leaf: VssValue | undefined): number | undefined {
  return typeof leaf?.value === "number" ? leaf.value : undefined;
}

function directionIn(leaf: VssValue | undefined): number | null {
  const deg = numberIn(leaf);
  return deg !== undefined && deg >= 0 && deg <= 360 ? deg : null;
}

function isDegrees(value: number | string, most: number): value is number {
  return typeof value === "number" && Math.abs(value) <= most;
}

function stampOf({ stampMs, stampNanos }: VssValue): string {
  return `${stampMs} ${stampNanos}`;
}
