import { describe, expect, test } from "vitest";
import { CIRCULAR_95_PER_SIGMA } from "../../src/sources/accuracy.ts";
import { gpsdAssembler } from "../../src/sources/gpsd.ts";
import { hear, onlyFix, reasons } from "./receiver.ts";

const TIME = "2026-03-01T12:00:00.000Z";
const timeMs = Date.parse(TIME);
const tpv = { class: "TPV", mode: 3, time: TIME, lat: 48.1173, lon: 11.522, speed: 5.1, track: 84.4, eph: 4 };

const hearGpsd = (records: readonly unknown[]) =>
  hear(gpsdAssembler(), records.map((record) => JSON.stringify(record)).join("\n"), 256 * 1024);

const none = [{ timeMs, quality: "none" }];

describe("a TPV", () => {
  test("is one fix", () => {
    expect(onlyFix(hearGpsd([tpv]))).toEqual({
      timeMs,
      latDeg: 48.1173,
      lonDeg: 11.522,
      speedMps: 5.1,
      courseDeg: 84.4,
      accuracyM: 4 * CIRCULAR_95_PER_SIGMA,
      quality: "autonomous",
    });
  });

  test("may give its time as seconds, as gpsd before 3.0 did", () => {
    expect(onlyFix(hearGpsd([{ ...tpv, time: timeMs / 1000 }])).timeMs).toBe(timeMs);
  });

  test("may hold nulls for what is not known", () => {
    const fix = onlyFix(hearGpsd([{ ...tpv, speed: null, track: null, eph: null, status: null }]));
    expect(fix).toMatchObject({ speedMps: null, courseDeg: null, accuracyM: null, quality: "autonomous" });
  });

  test.each([
    [undefined, "autonomous"],
    [0, "autonomous"],
    [1, "autonomous"],
    [2, "differential"],
    [3, "rtk-fixed"],
    [4, "rtk-float"],
    [5, "estimated"],
    [6, "autonomous"],
    [7, "manual"],
    [8, "simulated"],
    [9, "autonomous"],
  ])("of status %s is %s", (status, quality) => {
    expect(onlyFix(hearGpsd([{ ...tpv, status }])).quality).toBe(quality);
  });

  test.each([
    ["mode 0", { ...tpv, mode: 0 }],
    ["mode 1", { ...tpv, mode: 1 }],
    ["no latitude", { ...tpv, lat: undefined }],
    ["no longitude", { ...tpv, lon: null }],
    ["an unknown status", { ...tpv, status: 10 }],
  ])("with %s is no fix", (_, record) => {
    expect(hearGpsd([record]).reports).toEqual(none);
  });

  test("without a time is left out and counted", () => {
    const heard = hearGpsd([{ ...tpv, time: undefined }]);
    expect(heard.reports).toEqual([]);
    expect(reasons(heard)).toEqual(["1 no-time"]);
  });

  test.each([
    ["a latitude over 90", JSON.stringify({ ...tpv, lat: 90.1 })],
    ["a text for a number", JSON.stringify({ ...tpv, lat: "48.1" })],
    ["a negative speed", JSON.stringify({ ...tpv, speed: -1 })],
    ["a course over 360", JSON.stringify({ ...tpv, track: 361 })],
    ["a mode of 4", JSON.stringify({ ...tpv, mode: 4 })],
    ["no mode", JSON.stringify({ ...tpv, mode: undefined })],
    ["a time that is none", JSON.stringify({ ...tpv, time: "yesterday" })],
    ["a time after the year 9999", JSON.stringify({ ...tpv, time: 1e15 })],
    ["a time before 1970", JSON.stringify({ ...tpv, time: -1 })],
    ["a time without a zone", JSON.stringify({ ...tpv, time: "2026-03-01T12:00:00" })],
    ["a number beyond all", JSON.stringify(tpv).replace("48.1173", "1e999")],
    ["not a number", JSON.stringify(tpv).replace("48.1173", "NaN")],
    ["its end cut off", JSON.stringify(tpv).slice(0, -1)],
    ["most of it cut off", JSON.stringify(tpv).slice(0, 9)],
  ])("with %s is malformed and counted", (_, line) => {
    const heard = hear(gpsdAssembler(), line);
    expect(heard.reports).toEqual([]);
    expect(reasons(heard)).toEqual(["1 malformed"]);
  });
});

describe("records of one time", () => {
  test("complete each other, the later ones first", () => {
    const first = { class: "TPV", mode: 2, time: TIME, lat: 48.1173, lon: 11.522, speed: 4 };
    const fix = onlyFix(hearGpsd([first, { class: "TPV", mode: 3, time: TIME, speed: 5, eph: 4 }]));
    expect(fix).toMatchObject({ latDeg: 48.1173, speedMps: 5, accuracyM: 4 * CIRCULAR_95_PER_SIGMA });
  });

  test("do not lose what a later one does not know", () => {
    expect(onlyFix(hearGpsd([tpv, { ...tpv, speed: null, lat: null, lon: undefined }]))).toMatchObject({
      latDeg: 48.1173,
      lonDeg: 11.522,
      speedMps: 5.1,
    });
  });

  test("are no fix when one of them says so", () => {
    expect(hearGpsd([tpv, { class: "TPV", mode: 1, time: TIME }]).reports).toEqual(none);
    expect(hearGpsd([{ class: "TPV", mode: 1, time: TIME }, tpv]).reports).toEqual(none);
  });

  test("are no fix when their places contradict each other", () => {
    const heard = hearGpsd([tpv, { ...tpv, lat: 48.1174 }]);
    expect(heard.reports).toEqual(none);
    expect(reasons(heard)).toEqual(["1 conflict"]);
  });

  test("widen the radius when their places differ a little", () => {
    const fix = onlyFix(hearGpsd([tpv, { ...tpv, lat: 48.11731 }]));
    expect(fix.accuracyM).toBeCloseTo(4 * CIRCULAR_95_PER_SIGMA + 0.00001 * 111_700, 6);
  });

  test("give one report, the next time another", () => {
    const later = { ...tpv, time: "2026-03-01T12:00:01.000Z" };
    expect(hearGpsd([tpv, tpv, later, later]).reports.map((report) => report.timeMs)).toEqual([
      timeMs,
      timeMs + 1000,
    ]);
  });
});

describe("accuracy", () => {
  const gst = { class: "GST", time: TIME, major: 3, minor: 2, lat: 2.5, lon: 2.6 };
  test.each<[string, readonly object[], number]>([
    ["is GST's larger axis before eph", [tpv, gst], 3],
    ["takes a GST that comes before its TPV", [gst, tpv], 3],
    ["takes the larger of GST's axes, whichever it is", [tpv, { ...gst, minor: 5 }], 5],
    ["takes GST's north and east without an ellipse", [tpv, { ...gst, major: null }], Math.hypot(2.5, 2.6)],
    ["is eph without a GST", [tpv], 4],
    ["is eph when GST says 0", [tpv, { ...gst, major: 0, minor: 0 }], 4],
    ["is eph when the GST is of another time", [{ ...gst, time: "2026-03-01T11:59:59.000Z" }, tpv], 4],
    ["is epx and epy without eph", [{ ...tpv, eph: undefined, epx: 3, epy: 4 }], 5],
  ])("%s, taken as one sigma", (_, records, sigmaM) => {
    expect(onlyFix(hearGpsd(records)).accuracyM).toBeCloseTo(sigmaM * CIRCULAR_95_PER_SIGMA, 9);
  });

  test.each([
    ["nothing", { ...tpv, eph: undefined }],
    ["an eph of 0", { ...tpv, eph: 0 }],
    ["only epx", { ...tpv, eph: undefined, epx: 3 }],
  ])("is unknown with %s", (_, record) => {
    expect(onlyFix(hearGpsd([record])).accuracyM).toBeNull();
  });
});

test("a line of gpsd's may be longer than 10,240 characters", () => {
  const sky = { class: "SKY", satellites: Array.from({ length: 1000 }, (_, PRN) => ({ PRN, used: true })) };
  expect(JSON.stringify(sky).length).toBeGreaterThan(10_240);
  expect(hearGpsd([sky, { ...tpv, comment: "x".repeat(20_000) }]).reports).toHaveLength(1);
});

test("raw sentences, comments and other classes between the records are read past", () => {
  const text = `# comment\n$GPGSV,1,1,00*79\n{"class":"VERSION","release":"3.22"}\n${JSON.stringify(tpv)}\n!AIVDM`;
  const heard = hear(gpsdAssembler(), text);
  expect(heard.reports).toHaveLength(1);
  expect(heard.skipped).toEqual([]);
});
