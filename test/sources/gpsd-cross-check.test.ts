import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import type { GnssReport } from "../../src/sources/fix.ts";
import { gpsdAssembler } from "../../src/sources/gpsd.ts";
import { nmeaAssembler } from "../../src/sources/nmea/nmea.ts";
import { filesBelow, hear, SHARED_DRIVES } from "./receiver.ts";

/*
 * gpsd's receiver logs, and what gpsd 3.22 itself made of them. Where the two differ it is gpsd's own choice:
 * - it moves dates of the past forward by 1024 weeks (so times are compared modulo that);
 * - it takes over the last position of an epoch where we take the one with most digits, and prints millimetres for
 *   geocentric receivers (ac12: 9 cm); bundg_zeus_9 is a boat whose RMC lags a second behind its GGA (3.4 m);
 * - it keeps a fix after GGA counts no satellites (foretrex-201), and takes a sentence that was cut off (ch-4701).
 */
const ROLLOVER_MS = 1024 * 7 * 86_400_000;
const SOME_METRES = new Map([
  ["bundg_zeus_9.log", 5],
  ["ch-4701.log", 0.2],
  ["ac12.log", 0.1],
  ["ac12_binary.log", 0.1],
]);
const OURS_IS_NONE = new Map([
  ["foretrex-201.log", 3],
  ["ch-4701.log", 1],
]);

const logs = SHARED_DRIVES === undefined ? [] : filesBelow(join(SHARED_DRIVES, "gpsd/daemon")).filter(isNmea);

test.skipIf(logs.length === 0)("gpsd's logs are there", () => {
  expect(logs.length).toBeGreaterThan(40);
});

test.each(logs.map((log) => [basename(log), log]))("%s reads as gpsd read it", (name, log) => {
  const gpsd = gpsdOf(log);
  const pairs = ours(log)
    .map((our) => ({ our, theirs: gpsd.filter((report) => weekTime(report) === weekTime(our)) }))
    .filter(({ theirs }) => theirs.length > 0);
  const fixes = pairs.filter(({ our }) => our.quality !== "none");
  const voids = pairs.filter(({ our }) => our.quality === "none");
  // The direction that matters: no fix where gpsd saw none.
  expect(fixes.filter(({ theirs }) => theirs.some(isVoid))).toEqual([]);
  expect(voids.filter(({ theirs }) => !theirs.some(isVoid))).toHaveLength(OURS_IS_NONE.get(name) ?? 0);
  const farthestM = Math.max(0, ...fixes.map(({ our, theirs }) => nearestM(our, theirs)));
  expect(farthestM).toBeLessThan(SOME_METRES.get(name) ?? 0.001);
});

test.skipIf(logs.length === 0)("enough fixes were compared", () => {
  const compared = logs.map((log) => {
    const times = new Set(gpsdOf(log).map(weekTime));
    return ours(log).filter((report) => !isVoid(report) && times.has(weekTime(report))).length;
  });
  expect(compared.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(900);
});

function ours(log: string): readonly GnssReport[] {
  return hear(nmeaAssembler(), readFileSync(log)).reports;
}

function gpsdOf(log: string): readonly GnssReport[] {
  return hear(gpsdAssembler(), readFileSync(`${log}.chk`), 256 * 1024).reports;
}

function isNmea(log: string): boolean {
  return log.endsWith(".log") && ours(log).length > 0;
}

function weekTime({ timeMs }: GnssReport): number {
  return timeMs % ROLLOVER_MS;
}

function isVoid({ quality }: GnssReport): boolean {
  return quality === "none";
}

/** gpsd may report a time more than once. */
function nearestM(our: GnssReport, theirs: readonly GnssReport[]): number {
  return Math.min(...theirs.map((their) => distanceM(our, their)));
}

function distanceM(a: GnssReport, b: GnssReport): number {
  if (a.quality === "none" || b.quality === "none") return Number.NaN;
  const east = (a.lonDeg - b.lonDeg) * Math.cos((a.latDeg * Math.PI) / 180);
  return Math.hypot(a.latDeg - b.latDeg, east) * 111_319;
}
