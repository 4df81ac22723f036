import { describe, expect, test } from "vitest";
import { CamfenceError } from "../../src/core/errors.ts";
import { gpxParser } from "../../src/sources/gpx.ts";

function read(document: string, pieceLength = document.length) {
  const parser = gpxParser("drive.gpx");
  for (let at = 0; at < document.length; at += pieceLength) parser.push(document.slice(at, at + pieceLength));
  return parser.end();
}

function mistake(document: string): Pick<CamfenceError, "code" | "line" | "message"> {
  try {
    read(document);
  } catch (error) {
    if (error instanceof CamfenceError) return error;
    throw error;
  }
  throw new Error("expected a mistake");
}

const time = "<time>2026-03-01T12:00:00Z</time>";
const timeMs = Date.parse("2026-03-01T12:00:00Z");
const gpx = (inner: string) => `<?xml version="1.0"?>\n<gpx version="1.1">\n${inner}\n</gpx>`;
const track = (points: string) => gpx(`<trk><trkseg>\n${points}\n</trkseg></trk>`);
const point = (inner: string) => track(`<trkpt lat="48.1173" lon="-11.522">${inner}</trkpt>`);
const segmentAt = (lat: number) => `<trkseg><trkpt lat="${lat}" lon="0">${time}</trkpt></trkseg>`;
const plain = { timeMs, latDeg: 48.1173, lonDeg: -11.522, accuracyM: null, speedMps: null, courseDeg: null };

describe("a track point", () => {
  test.each<[string, string, object]>([
    ["is a fix", time, { quality: "autonomous" }],
    [
      "of GPX 1.0 has speed and course",
      `${time}<course>84.4</course><speed>5.1</speed>`,
      { speedMps: 5.1, courseDeg: 84.4 },
    ],
    [
      "of Garmin has speed and course in an extension",
      `${time}<extensions><gpxtpx:TrackPointExtension><gpxtpx:speed>5.1</gpxtpx:speed><gpxtpx:course>84</gpxtpx:course></gpxtpx:TrackPointExtension></extensions>`,
      { speedMps: 5.1, courseDeg: 84 },
    ],
    [
      "ignores the speed of other extensions, whose unit is not known",
      `${time}<extensions><speed>30</speed></extensions>`,
      {},
    ],
    ["has a radius of HDOP × 15 m", `${time}<hdop>1.2</hdop>`, { accuracyM: 18 }],
    [
      "has a radius of HDOP × 3.75 m when corrected",
      `${time}<fix>dgps</fix><hdop>2</hdop>`,
      { accuracyM: 7.5, quality: "differential" },
    ],
    ["with an HDOP of 0 has none", `${time}<hdop>0</hdop>`, { accuracyM: null }],
    [
      "with a speed of -1 has none",
      `${time}<speed>-1</speed><course>-1</course>`,
      { speedMps: null, courseDeg: null },
    ],
    [
      "with a speed of NaN has none",
      `${time}<speed>NaN</speed><hdop>Infinity</hdop>`,
      { speedMps: null, accuracyM: null },
    ],
    ["with a course over 360 has none", `${time}<course>361</course>`, { courseDeg: null }],
  ])("%s", (_, inner, expected) => {
    expect(read(point(inner)).reports).toEqual([{ ...plain, quality: "autonomous", ...expected }]);
  });

  test("with fix none is no fix", () => {
    expect(read(point(`${time}<fix>none</fix>`)).reports).toEqual([{ timeMs, quality: "none" }]);
  });

  test.each([
    ["2026-03-01T12:00:00Z", 0],
    ["2026-03-01T12:00:00+00:00", 0],
    ["2026-03-01T12:00:00.250Z", 250],
    ["2026-03-01T13:30:00+01:30", 0],
    ["2026-03-01T10:30:00-01:30", 0],
    ["2026-03-01T10:30:00-0130", 0],
    ["2026-03-01T12:00:00", 0],
    [" 2026-03-01T12:00:00Z\n", 0],
    ["2026-03-01T11:59:60Z", 0],
  ])("of time %s", (text, offsetMs) => {
    expect(read(point(`<time>${text}</time>`)).reports[0]?.timeMs).toBe(timeMs + offsetMs);
  });

  test("without a time is left out and counted when others have one", () => {
    const { reports, skipped } = read(
      track(`<trkpt lat="1" lon="2"/>\n<trkpt lat="1" lon="2">${time}</trkpt>`),
    );
    expect(reports).toHaveLength(1);
    expect(skipped).toEqual([{ reason: "no-time", count: 1, firstLine: 4 }]);
  });

  test("repeated is kept as often as it stands there", () => {
    expect(read(track(`<trkpt lat="1" lon="2">${time}</trkpt>`.repeat(3))).reports).toHaveLength(3);
  });
});

test("tracks and segments follow one another in the order of the file", () => {
  const { reports } = read(gpx(`<trk>${segmentAt(3)}${segmentAt(1)}</trk><trk>${segmentAt(2)}</trk>`));
  expect(reports.map((report) => report.quality !== "none" && report.latDeg)).toEqual([3, 1, 2]);
});

test("the document may come in pieces of any length", () => {
  const whole = point(`${time}<hdop>1.2</hdop>`);
  for (const pieceLength of [1, 2, 3, 7, 64]) expect(read(whole, pieceLength)).toEqual(read(whole));
});

test("a prefix on every element changes nothing", () => {
  expect(read(point(time).replaceAll(/<(\/?)(?=[a-z])/g, "<$1g:")).reports).toHaveLength(1);
});

describe("a mistake names file and line:", () => {
  test.each<[string, string, number | undefined, RegExp]>([
    ["no track", gpx(""), undefined, /no track point/],
    ["only a route", gpx('<rte><rtept lat="1" lon="2"/></rte>'), undefined, /no track point/],
    ["no time at all", track('<trkpt lat="1" lon="2"/>'), 4, /no track point has a <time>/],
    ["an unclosed element", "<gpx>\n<trk>\n</gpx>", 3, /not well-formed/],
    ["a document cut off", "<gpx>\n<trk>", 2, /not well-formed/],
    ["no XML", "hello", 1, /not well-formed/],
    ["another root", '<kml xmlns="x">\n</kml>', 1, /root element is <kml>/],
    ["no latitude", track('<trkpt lon="2"/>'), 4, /lat="" is not a number from -90 to 90/],
    ["a latitude of NaN", track('<trkpt lat="NaN" lon="2"/>'), 4, /lat="NaN"/],
    ["a latitude over 90", track('<trkpt lat="90.1" lon="2"/>'), 4, /lat="90.1"/],
    ["a longitude under -180", track('<trkpt lat="9" lon="-180.5"/>'), 4, /lon="-180.5"/],
    ["a longitude beyond all", track('<trkpt lat="9" lon="1e999"/>'), 4, /lon="1e999"/],
    ["a latitude in hexadecimal", track('<trkpt lat="0x10" lon="2"/>'), 4, /lat="0x10"/],
    [
      "a time that is none",
      track('<trkpt lat="1" lon="2">\n<time>noon</time></trkpt>'),
      5,
      /the time "noon"/,
    ],
    [
      "a day that is none",
      track('<trkpt lat="1" lon="2"><time>2026-02-30T12:00:00Z</time></trkpt>'),
      4,
      /2026-02-30/,
    ],
    ["an entity of its own", '<!DOCTYPE g [<!ENTITY x "y">]>\n<gpx><trk>&x;</trk></gpx>', 2, /entity/],
    ["endless nesting", `<gpx>${"<a>".repeat(100)}`, 1, /nested more than 64 deep/],
  ])("%s", (_, document, line, message) => {
    const error = mistake(document);
    expect(error).toMatchObject({ code: "malformed", line });
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(
      line === undefined ? /^drive\.gpx: / : new RegExp(`^drive\\.gpx:${line}: `),
    );
    expect(error.message).not.toContain("\n");
  });
});
