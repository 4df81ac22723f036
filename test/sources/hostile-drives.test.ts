import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { CamfenceError } from "../../src/core/errors.ts";
import { formatIso } from "../../src/core/time.ts";
import { Fix, NoFix } from "../../src/sources/fix.ts";
import { gpsdAssembler } from "../../src/sources/gpsd.ts";
import { gpxParser } from "../../src/sources/gpx.ts";
import { jpegSize } from "../../src/sources/jpeg-size.ts";
import { nmeaAssembler } from "../../src/sources/nmea/nmea.ts";
import { hear, sentence } from "./receiver.ts";

const RUNS = process.env["SLOW"] === "1" ? 20_000 : 1000;
/** As the schemas ask, and of a time that can be written as a date. */
const Reports = z.array(z.union([Fix, NoFix]).refine(({ timeMs }) => formatIso(timeMs).length === 24));

const NMEA = Array.from({ length: 4 }, (_, second) => [
  `GNRMC,23595${second + 6}.00,A,4807.03810,N,01131.32400,E,10.00,84.40,010326,,,A`,
  "GNVTG,84.40,T,,M,10.00,N,18.52,K,A",
  `GNGGA,23595${second + 6}.00,4807.03810,N,01131.32400,E,1,08,0.90,545.4,M,46.9,M,,`,
  "GNGSA,A,3,01,02,03,04,,,,,,,,,2.0,0.9,1.2,1",
  `GNGST,23595${second + 6}.00,12.0,3.0,2.0,45.0,2.5,2.6,4.0`,
])
  .flat()
  .map(sentence)
  .join("\r\n");

const GPSD = Array.from(
  { length: 4 },
  (_, second) =>
    `{"class":"TPV","mode":3,"time":"2026-03-01T23:59:5${second + 6}.000Z","lat":48.1173,"lon":11.522,"eph":4,"speed":5,"track":84}\n` +
    `{"class":"GST","time":"2026-03-01T23:59:5${second + 6}.000Z","major":3,"minor":2}`,
).join("\n");

const GPX = `<gpx><trk><trkseg>${Array.from(
  { length: 4 },
  (_, second) =>
    `<trkpt lat="48.1173" lon="11.522"><time>2026-03-01T23:59:5${second + 6}Z</time><hdop>1</hdop><speed>5</speed></trkpt>`,
).join("\n")}</trkseg></trk></gpx>`;

/** A document of which some bytes are replaced, removed or inserted. */
function damaged(text: string): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({
    at: fc.nat(text.length - 1),
    removed: fc.nat(3),
    inserted: fc.uint8Array({ maxLength: 3 }),
  });
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
    edits.reduce<Uint8Array>(
      (bytes, { at, removed, inserted }) => {
        return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
      },
      Buffer.from(text, "latin1"),
    ),
  );
}

function readGpx(bytes: Uint8Array): readonly unknown[] {
  const parser = gpxParser("drive.gpx");
  try {
    parser.push(new TextDecoder().decode(bytes));
    return parser.end().reports;
  } catch (error) {
    if (error instanceof CamfenceError) return [];
    throw error;
  }
}

const READERS: readonly (readonly [string, string, (bytes: Uint8Array) => readonly unknown[]])[] = [
  ["NMEA", NMEA, (bytes) => hear(nmeaAssembler(), bytes).reports],
  [
    "NMEA without checksums",
    NMEA,
    (bytes) => hear(nmeaAssembler({ missingChecksum: "accept" }), bytes).reports,
  ],
  ["gpsd JSON", GPSD, (bytes) => hear(gpsdAssembler(), bytes).reports],
  ["GPX", GPX, readGpx],
];

describe.each(READERS)("%s", (_, text, read) => {
  test("whole, it gives its four fixes", () => {
    expect(Reports.parse(read(Buffer.from(text, "latin1")))).toHaveLength(4);
  });

  test("damaged, it never gives a report that breaks its schema, and no other error than ours", () => {
    expect(counterexample(damaged(text), (bytes) => Reports.safeParse(read(bytes)).success)).toBeUndefined();
  });

  test("of random bytes, it gives nothing that breaks its schema", () => {
    expect(
      counterexample(fc.uint8Array({ maxLength: 500 }), (bytes) => Reports.safeParse(read(bytes)).success),
    ).toBeUndefined();
  });
});

describe.each([READERS[0], READERS[2]].filter((reader) => reader !== undefined))(
  "%s cut off",
  (_, text, read) => {
    test("at any byte gives no place and time that the whole does not have", () => {
      const whole = Buffer.from(text, "latin1");
      const places = new Set(placesOf(read(whole)));
      const invented = Array.from(whole, (_byte, length) => placesOf(read(whole.subarray(0, length))))
        .flat()
        .filter((place) => !places.has(place));
      expect(invented).toEqual([]);
    });
  },
);

test("one wrong byte in a sentence never changes a place", () => {
  const [line = ""] = NMEA.split("\r\n");
  const places = new Set<string>();
  for (let at = 0; at < line.length; at += 1) {
    for (let byte = 0; byte < 256; byte += 1) {
      const bytes = Buffer.from(line, "latin1");
      bytes[at] = byte;
      for (const report of hear(nmeaAssembler(), bytes).reports) places.add(JSON.stringify(report));
    }
  }
  expect(places.size).toBe(1);
});

test("a JPEG header of any bytes is a size or broken", () => {
  const start = Uint8Array.from([0xff, 0xd8, 0xff]);
  const isSizeOrBroken = (bytes: Uint8Array) => {
    const size = jpegSize(Buffer.concat([start, bytes]));
    return size.kind === "broken" || (size.width > 0 && size.height > 0);
  };
  expect(counterexample(fc.uint8Array({ maxLength: 64 }), isSizeOrBroken)).toBeUndefined();
});

/** What breaks a rule, made small, with the error if it threw one. */
function counterexample<Value>(values: fc.Arbitrary<Value>, rule: (value: Value) => boolean): unknown {
  const {
    failed,
    counterexample: found,
    errorInstance,
  } = fc.check(fc.property(values, rule), { numRuns: RUNS, seed: 1 });
  return failed ? { found, errorInstance } : undefined;
}

function placesOf(reports: readonly unknown[]): readonly string[] {
  return Reports.parse(reports).map((report) =>
    report.quality === "none" ? "none" : `${report.timeMs} ${report.latDeg} ${report.lonDeg}`,
  );
}
