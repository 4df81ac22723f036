import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CamfenceError } from "../../src/core/errors.ts";
import type { DriveOptions } from "../../src/sources/drive.ts";
import { readDrive } from "../../src/sources/drive.ts";
import { describeSkip } from "../../src/sources/skipped.ts";
import { sentence } from "./receiver.ts";

const dir = mkdtempSync(join(tmpdir(), "camfence-drive-"));

function write(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

async function mistake(path: string, options: DriveOptions = {}): Promise<CamfenceError> {
  const error: unknown = await readDrive(path, options).catch((thrown: unknown) => thrown);
  if (error instanceof CamfenceError) return error;
  throw new Error("expected a CamfenceError", { cause: error });
}

const rmcAt = (time: string) => sentence(`GPRMC,${time},A,4807.038,N,01131.324,E,10.0,84.4,010326,,,A`);
const nmea = rmcAt("120000");
const gpx =
  '<gpx><trk><trkseg><trkpt lat="48.1" lon="11.5"><time>2026-03-01T12:00:00Z</time></trkpt></trkseg></trk></gpx>';
const gpsd = '{"class":"TPV","mode":3,"time":"2026-03-01T12:00:00Z","lat":48.1,"lon":11.5}';

describe("a drive is read by its name, else by its content", () => {
  test.each([
    ["a.gpx", gpx],
    ["A.GPX", gpx],
    ["a.nmea", nmea],
    ["a.log", nmea],
    ["a.log", `${"\n".repeat(70_000)}${nmea}`],
    ["b.log", gpsd],
    ["a.json", gpsd],
    ["a.jsonl", `\xef\xbb\xbf${gpsd}`],
    ["a.txt", nmea],
    ["track", gpx],
    ["stream", `{"class":"VERSION"}\n${nmea}\n${gpsd}`],
  ])("%s", async (name, content) => {
    const drive = await readDrive(write(name, Buffer.from(content, "latin1")));
    expect(drive.reports).toHaveLength(1);
    expect(drive.reports[0]).toMatchObject({
      timeMs: Date.parse("2026-03-01T12:00:00Z"),
      quality: "autonomous",
    });
    expect(drive.name).toBe(name.replace(/\.\w+$/, ""));
  });
});

test("an accuracy given by hand holds for fixes that state none, and for no other", async () => {
  const gst = sentence("GPGST,120000,12.0,3.0,2.0,45.0,2.5,2.6,4.0");
  const [stated] = (await readDrive(write("gst.nmea", `${nmea}\n${gst}`), { accuracyM: 5 })).reports;
  expect(stated).not.toMatchObject({ accuracyM: 5 });
  const voided = sentence("GPRMC,120001,V,,,,,,,010326,,,N");
  const { reports } = await readDrive(write("none.nmea", `${nmea}\n${voided}`), { accuracyM: 5 });
  expect(reports).toMatchObject([{ accuracyM: 5 }, { quality: "none" }]);
  expect(reports[1]).not.toHaveProperty("accuracyM");
});

test.each(["E", "M"])(
  "an accuracy given by hand does not hold for an unproven place (mode %s)",
  async (mode) => {
    const path = write(
      "mode.nmea",
      sentence(`GPRMC,120000,A,4807.038,N,01131.324,E,10.0,84.4,010326,,,${mode}`),
    );
    expect((await readDrive(path, { accuracyM: 5 })).reports).toMatchObject([{ accuracyM: null }]);
  },
);

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
  "an accuracy of %s is wrong usage",
  async (accuracyM) => {
    expect(await mistake(write("a.nmea", nmea), { accuracyM })).toMatchObject({ code: "usage" });
  },
);

test("reports stay in the order of arrival, doubled and late ones too", async () => {
  const text = [rmcAt("120000"), rmcAt("120002"), rmcAt("120001"), rmcAt("120002")].join("\n");
  const { reports } = await readDrive(write("order.nmea", text));
  expect(reports.map(({ timeMs }) => (timeMs / 1000) % 60)).toEqual([0, 2, 1, 2]);
});

test("what was left out is told with count and first line", async () => {
  const { skipped } = await readDrive(write("skips.nmea", `${nmea}\n$GPGGA,120000*00\n$GPGGA,12*00\n`));
  expect(skipped.map(describeSkip)).toEqual(["2 sentences with a wrong checksum, first at line 2"]);
});

describe("a mistake names the file and what to do:", () => {
  test.each<[string, string | Uint8Array, string, RegExp]>([
    ["empty.gpx", "", "malformed", /is empty/],
    ["empty.nmea", "", "malformed", /is empty/],
    ["blank.json", "\n\n", "malformed", /no usable gpsd JSON record/],
    ["zeros.gpx", new Uint8Array(1000), "malformed", /not well-formed/],
    ["zeros.nmea", new Uint8Array(100_000), "malformed", /no usable NMEA 0183 sentence/],
    ["zeros.jsonl", new Uint8Array(100_000), "malformed", /no usable gpsd JSON record/],
    ["sums.nmea", "$GPRMC,1*00\n", "malformed", /1 sentences with a wrong checksum, first at line 1/],
    ["nosums.log", nmea.slice(0, -3), "malformed", /1 sentences without a checksum/],
    [
      "nodate.nmea",
      sentence("GPGGA,120000,4807.038,N,01131.324,E,1,08,0.9,545.4,M,46.9,M,,"),
      "malformed",
      /1 positions before the first date/,
    ],
    [
      "broken.json",
      `${gpsd.slice(0, 40)}\n`,
      "malformed",
      /1 records that do not follow their format, first at line 1/,
    ],
    ["list.json", `[${gpsd}]`, "malformed", /one object per line/],
    ["rec.mcap", "not one", "malformed", /got bytes 6e6f74206f6e65, expected an MCAP recording/],
    ["s.yaml", "a: 1", "unsupported", /a scenario is no recording/],
    ["points.csv", "id,time\n", "unsupported", /its format is not known; give a \.gpx/],
  ])("%s", async (name, content, code, message) => {
    const path = write(name, content);
    const error = await mistake(path);
    expect(error).toMatchObject({ code, file: path });
    expect(error.message).toMatch(message);
    expect(error.message.startsWith(path)).toBe(true);
    expect(error.message).not.toContain("\n");
  });

  test("a GPX file over 256 MiB", async () => {
    const path = write("huge.gpx", gpx);
    truncateSync(path, 256 * 1024 * 1024 + 1);
    expect(await mistake(path)).toMatchObject({ code: "too-large" });
  });

  test("a file that is not there", async () => {
    expect(await mistake(join(dir, "absent.gpx"))).toMatchObject({ code: "unreadable" });
  });

  test.skipIf(process.getuid?.() === 0)("a file that may not be read", async () => {
    const path = write("secret.gpx", gpx);
    chmodSync(path, 0o000);
    expect(await mistake(path)).toMatchObject({ code: "unreadable" });
  });

  test("a folder", async () => {
    expect(await mistake(dir)).toMatchObject({ code: "unsupported" });
  });

  test("an endless device", async () => {
    expect(await mistake("/dev/zero")).toMatchObject({ code: "unsupported" });
  });

  test("a pipe that nobody writes to does not hang", async () => {
    const path = join(dir, "pipe.nmea");
    execFileSync("mkfifo", [path]);
    expect(await mistake(path)).toMatchObject({ code: "unsupported" });
  });
});
