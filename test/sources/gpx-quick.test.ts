import { expect, test } from "vitest";
import { CamfenceError } from "../../src/core/errors.ts";
import { seededRandom } from "../../src/core/random.ts";
import { gpxParser } from "../../src/sources/gpx.ts";
import { quickPoints } from "../../src/sources/gpx-quick.ts";

const POINT =
  '<trkpt lat="48.1" lon="-11.5"><ele>515.1</ele><time>2026-03-01T08:00:00.100Z</time><hdop>0.9</hdop></trkpt>\n';
const GARMIN = `<trkpt lat="48.2" lon="11.5">
    <time>2026-03-01T08:00:01Z</time>
    <extensions>
      <gpxtpx:TrackPointExtension><gpxtpx:speed>5.25</gpxtpx:speed><gpxtpx:course>90</gpxtpx:course></gpxtpx:TrackPointExtension>
    </extensions>
  </trkpt>\r\n`;
const ODD = [
  ..."<>/\"'&]=: \n\t-.09ez\u00e9\r".split(""),
  "<!-- ",
  " -->",
  "<![CDATA[",
  "]]>",
  "</trkpt>",
  "</trkpt >",
  "<trkpt>",
  "<time>",
  "</time>",
  "<time/>",
  "</trkseg>",
  "<trkseg>",
  "&amp;",
  "<speed>7</speed>",
];

/** In pieces so small that no point's end is whole in one: then the XML parser reads all. */
const SMALL = 6;

function read(document: string, pieceLength: number): unknown {
  try {
    const parser = gpxParser("drive.gpx");
    for (let at = 0; at < document.length; at += pieceLength)
      parser.push(document.slice(at, at + pieceLength));
    return parser.end();
  } catch (thrown) {
    if (thrown instanceof CamfenceError) return thrown.message;
    throw thrown;
  }
}

const track = (points: string) =>
  `<?xml version="1.0"?>\n<gpx version="1.1"><trk><trkseg>\n${points}</trkseg></trk></gpx>`;

test("points as most programs write them are read quickly, all of them", () => {
  const taken: unknown[] = [];
  const text = POINT.repeat(3) + GARMIN.repeat(2);
  expect(quickPoints(`${text}</trkseg>`, 0, (report) => taken.push(report))).toEqual({
    end: text.trimEnd().length,
    newlines: 3 + 6 + 5,
  });
  expect(taken).toHaveLength(5);
  expect({ reports: taken, skipped: [] }).toEqual(read(track(text), SMALL));
});

/** A stretch of the document from within a point on. */
function commentedOut(document: string, random: () => number): string {
  const from = document.indexOf("<ele>");
  const to = document.lastIndexOf("</trkpt>") + "</trkpt>".length;
  if (from < 0 || to < from) return document;
  const end = from + Math.floor(random() * (to - from));
  return `${document.slice(0, from)}<!-- ${document.slice(from, end).replaceAll("--", "")} -->${document.slice(end)}`;
}

test("whatever becomes of a document, it is read as the XML parser reads it, with its lines", () => {
  const random = seededRandom(4);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const outcomes = { read: 0, refused: 0 };
  for (let i = 0; i < 6000; i++) {
    let document = track(
      Array.from({ length: 2 + Math.floor(random() * 6) }, () => pick([POINT, GARMIN])).join(""),
    );
    for (let changes = Math.floor(random() * 4); changes > 0; changes--) {
      const at = 60 + Math.floor(random() * (document.length - 60));
      document =
        document.slice(0, at) +
        pick(random() < 0.3 ? [""] : ODD) +
        document.slice(at + Math.floor(random() * 3));
    }
    if (random() < 0.3) document = commentedOut(document, random);
    const expected = read(document, SMALL);
    outcomes[typeof expected === "string" ? "refused" : "read"]++;
    for (const pieceLength of [document.length, 150, 1 + Math.floor(random() * 400)])
      expect(read(document, pieceLength), document).toEqual(expected);
  }
  expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(1000);
});
