import { basename, extname, relative } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { CamfenceError } from "../../src/core/errors.ts";
import { readDrive } from "../../src/sources/drive.ts";
import { Fix, NoFix } from "../../src/sources/fix.ts";
import { filesBelow, SHARED_DRIVES } from "./receiver.ts";

const Report = z.union([Fix, NoFix]);

/** Logs without an NMEA sentence, or without one that has its checksum: other protocols, and AIS alone. */
const NO_NMEA = new Set(
  "ais-nmea-type6-fid55 ais_unpack_sixbit bu303-climbing bu303-moving bu303-nofix bu303-stillfix bu303b-nofix garmin18x-bin geostar-geos1m-binary greis-binary greis-def greis-raw-2m greis-reset greis-test greis-test2 hp58534a italk-binary".split(
    " ",
  ),
);

/** gpsd's own record of logs that never had a time. */
const NO_TIME = new Set(
  "ais-nmea-type6-fid55 ais_unpack_sixbit eXplorist110 garmin-geko201 greis-def greis-test holux-gm-210".split(
    " ",
  ),
);

/** No track points, or none with a time. */
const BAD_GPX = new Set(
  "no_trk no_trkseg no_trkpt test-only-wpt test2_no_millis andorra_for_map_matching issue-127".split(" "),
);

type Outcome = "read" | CamfenceError["code"];

function expected(path: string): Outcome {
  const name = basename(path).replace(/\..*/, "");
  switch (extname(path)) {
    case ".log":
      return NO_NMEA.has(name) ? "malformed" : "read";
    case ".chk":
      return NO_TIME.has(name) ? "malformed" : "read";
    case ".gpx":
      return BAD_GPX.has(name) ? "malformed" : "read";
    case ".nmea":
      return "read";
    case ".json":
      return "malformed";
    default:
      return "unsupported";
  }
}

const files = SHARED_DRIVES === undefined ? [] : filesBelow(SHARED_DRIVES);

test.skipIf(files.length === 0)("the drives are there", () => {
  expect(files.length).toBeGreaterThan(150);
});

test.each(files.map((path) => [relative(SHARED_DRIVES ?? "", path), path, expected(path)]))(
  "%s",
  async (_, path, outcome) => {
    expect(await outcomeOf(path)).toBe(outcome);
  },
);

/** Reads a drive; fails when one of its reports breaks its schema, or its error is not one line about this file. */
async function outcomeOf(path: string): Promise<Outcome> {
  try {
    const { reports } = await readDrive(path);
    for (const report of reports) Report.parse(report);
    return "read";
  } catch (error) {
    if (!(error instanceof CamfenceError)) throw error;
    const isOneLine = error.file === path && error.message.startsWith(path) && !error.message.includes("\n");
    return isOneLine ? error.code : "fault";
  }
}

test.skipIf(SHARED_DRIVES === undefined)(
  "the drive through Mountain View has its 1,654 epochs, 40 s of outage and 13 bad sentences",
  async () => {
    const path = files.find((file) => file.endsWith(".nmea") && file.includes("google-mtv")) ?? "";
    const { reports, skipped } = await readDrive(path);
    const gapsMs = reports.slice(1).map(({ timeMs }, index) => timeMs - (reports[index]?.timeMs ?? 0));
    expect(reports).toHaveLength(1654);
    expect(Math.max(...gapsMs)).toBe(40_000);
    expect(skipped).toEqual([{ reason: "checksum", count: 13, firstLine: 7181 }]);
  },
);
