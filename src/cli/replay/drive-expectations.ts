import { existsSync } from "node:fs";
import type { Expectations, FrameFact } from "../../../simulator/index.ts";
import { createExpectations, parseDriveExpectations } from "../../../simulator/index.ts";
import type { VerdictRecord } from "../../gate/record.ts";
import type { Summary } from "../../gate/summary.ts";
import { readText } from "../read-text.ts";

/** What must come of a recorded drive, where a file beside it says so. */
export interface DriveExpectations {
  readonly file: string;
  /** `startMs` is what times in seconds count from. */
  start(startMs: number): Pick<Expectations, "revoked"> & {
    frame(record: VerdictRecord): void;
    results(): NonNullable<Summary["expectations"]>;
  };
}

/**
 * Reads `drive.expect.yaml` beside `drive.nmea`; null where there is none. Throws CamfenceError `malformed` with every
 * mistake, of which one is an expectation that needs the truth: nobody knows that of a recorded drive.
 */
export async function readDriveExpectations(drive: string): Promise<DriveExpectations | null> {
  const file = drive.replace(/\.[^./\\]+$/, "").concat(".expect.yaml");
  if (!existsSync(file)) return null;
  const expected = parseDriveExpectations(file, await readText(`expectations of ${drive}`, file));
  return {
    file,
    start(startMs) {
      const all = createExpectations(expected, startMs);
      return {
        frame: (record) => all.frame(factOf(record)),
        revoked: (afterMs, untilMs) => all.revoked(afterMs, untilMs),
        results: () => all.results().map(({ name, met, got }) => ({ name, met, got })),
      };
    },
  };
}

function factOf({ timeMs, camera, action, reason, zones, latDeg, lonDeg }: VerdictRecord): FrameFact {
  const place = latDeg === null || lonDeg === null ? null : { latDeg, lonDeg };
  return { atMs: timeMs, timeMs, camera, action, reason, zones, place: () => place, truth: null };
}
