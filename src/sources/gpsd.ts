import { accuracyFromSigmaM } from "./accuracy.ts";
import type { Fix, GnssReport } from "./fix.ts";
import type { Gst, Tpv } from "./gpsd-record.ts";
import { gpsdLine } from "./gpsd-record.ts";
import { lineAssembler } from "./line-assembler.ts";
import type { ReportAssembler } from "./report-assembler.ts";
import type { SkipTally } from "./skipped.ts";
import { MAX_SPREAD_M, spreadM } from "./spread.ts";

/**
 * Reads gpsd's JSON, one object per line, as its TCP stream sends and its test logs keep it. gpsd may report one
 * epoch several times while it learns more: reports of the same time are merged, the later fields completing the
 * earlier. Lines that are no JSON objects (raw sentences, comments) are read past.
 */
export function gpsdAssembler(): ReportAssembler {
  return lineAssembler((counts) => {
    const epochs = gpsdEpochs(counts.skips);
    return {
      read(text) {
        const read = gpsdLine(text);
        if (read.kind === "malformed") counts.skips.add("malformed", counts.line);
        if (read.kind === "record" || read.kind === "other") counts.records += 1;
        return read.kind === "record" ? epochs.add(read.record, counts.line) : undefined;
      },
      close: () => epochs.close(counts.line),
    };
  });
}

interface Epoch {
  readonly timeMs: number;
  readonly tpv: Tpv | undefined;
  readonly gst: Gst | undefined;
  readonly spreadM: number;
  /** The lowest mode that any of its reports had: one word of "no fix" is enough. */
  readonly mode: number;
}

function gpsdEpochs(skips: SkipTally) {
  let open: Epoch | undefined;

  function close(line: number): GnssReport | undefined {
    const epoch = open;
    open = undefined;
    // A GST alone says nothing of a fix.
    if (epoch?.tpv === undefined) return undefined;
    if (epoch.spreadM > MAX_SPREAD_M) skips.add("conflict", line);
    return reportOf(epoch, epoch.tpv);
  }

  function add(record: Tpv | Gst, line: number): GnssReport | undefined {
    const timeMs = record.time;
    if (timeMs === undefined) {
      // Rule 2: a word without a time cannot be placed; without reports the last fix grows stale by itself.
      skips.add("no-time", line);
      return undefined;
    }
    const report = open?.timeMs === timeMs ? undefined : close(line);
    open = merge(open ?? { timeMs, tpv: undefined, gst: undefined, spreadM: 0, mode: 3 }, record);
    return report;
  }

  return { add, close };
}

function merge(epoch: Epoch, record: Tpv | Gst): Epoch {
  if (record.class === "GST") return { ...epoch, gst: record };
  return {
    timeMs: epoch.timeMs,
    gst: epoch.gst,
    tpv: epoch.tpv === undefined ? record : completed(epoch.tpv, record),
    spreadM: Math.max(epoch.spreadM, spreadM(placeOf(epoch.tpv), placeOf(record))),
    mode: Math.min(epoch.mode, record.mode),
  };
}

/** Spelt out: spreading objects costs more than reading the record. */
function completed(earlier: Tpv, later: Tpv): Tpv {
  return {
    class: "TPV",
    mode: later.mode,
    time: later.time,
    status: later.status ?? earlier.status,
    lat: later.lat ?? earlier.lat,
    lon: later.lon ?? earlier.lon,
    eph: later.eph ?? earlier.eph,
    epx: later.epx ?? earlier.epx,
    epy: later.epy ?? earlier.epy,
    speed: later.speed ?? earlier.speed,
    track: later.track ?? earlier.track,
  };
}

/** Rule 2: no mode, no place, an unknown status or a contradiction is no fix. */
function reportOf(epoch: Epoch, tpv: Tpv): GnssReport {
  const place = placeOf(tpv);
  const quality = QUALITY_BY_STATUS[tpv.status ?? 0];
  if (place === undefined || quality === undefined || epoch.mode < 2 || epoch.spreadM > MAX_SPREAD_M) {
    return { timeMs: epoch.timeMs, quality: "none" };
  }
  return {
    timeMs: epoch.timeMs,
    ...place,
    accuracyM: accuracyM(epoch, tpv),
    speedMps: tpv.speed ?? null,
    courseDeg: tpv.track ?? null,
    quality,
  };
}

/**
 * gpsd's own manual leaves open whether its errors are 95 %, 50 % or one sigma (gpsd_json(5): "certainty unknown"),
 * since receivers do not say. They are taken as one sigma, the smallest of the three, so the radius is not understated.
 */
function accuracyM(epoch: Epoch, tpv: Tpv): number | null {
  const radiusM =
    accuracyFromSigmaM(gstSigmaM(epoch.gst)) ??
    accuracyFromSigmaM(tpv.eph) ??
    accuracyFromSigmaM(hypot(tpv.epx, tpv.epy));
  return radiusM === null ? null : radiusM + epoch.spreadM;
}

function gstSigmaM(gst: Gst | undefined): number | undefined {
  if (gst?.major === undefined) return hypot(gst?.lat, gst?.lon);
  return Math.max(gst.major, gst.minor ?? 0);
}

function hypot(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.hypot(a, b);
}

function placeOf(tpv: Tpv | undefined): { readonly latDeg: number; readonly lonDeg: number } | undefined {
  if (tpv?.lat === undefined || tpv.lon === undefined) return undefined;
  return { latDeg: tpv.lat, lonDeg: tpv.lon };
}

// gpsd_json(5), TPV status. A combined GNSS and dead-reckoning solution (6) is a fix; dead reckoning alone is an estimate.
const QUALITY_BY_STATUS: readonly (Fix["quality"] | undefined)[] = [
  "autonomous", // 0 unknown
  "autonomous", // 1 normal
  "differential", // 2
  "rtk-fixed", // 3
  "rtk-float", // 4
  "estimated", // 5 dead reckoning
  "autonomous", // 6 GNSS with dead reckoning
  "manual", // 7 time only: the place is surveyed and typed in
  "simulated", // 8
  "autonomous", // 9 P(Y)
];
