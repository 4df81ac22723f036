import { describe, expect, test } from "vitest";
import { hearNmea, reasons } from "../receiver.ts";

const rmc = (time: string, date: string) => `GPRMC,${time},A,4807.038,N,01131.324,E,10.0,84.4,${date},,,A`;
const gga = (time: string) => `GPGGA,${time},4807.038,N,01131.324,E,1,08,0.9,545.4,M,46.9,M,,`;
const zda = (time: string, date: string) => `GPZDA,${time},${date},00,00`;

const times = (bodies: readonly string[]) =>
  hearNmea(bodies).reports.map(({ timeMs }) => new Date(timeMs).toISOString());

describe("the date of a position", () => {
  test("is that of its own epoch, even when it comes after it", () => {
    expect(times([gga("120000"), rmc("120000", "010326")])).toEqual(["2026-03-01T12:00:00.000Z"]);
  });

  test("is missing before the first one: the position is left out and counted", () => {
    const heard = hearNmea([gga("115958"), gga("115959"), rmc("120000", "010326")]);
    expect(heard.reports).toHaveLength(1);
    expect(reasons(heard)).toEqual(["2 no-date"]);
  });

  test("changes at midnight between GGA and RMC", () => {
    const bodies = [
      rmc("235959", "010326"),
      gga("235959"),
      gga("000000"),
      rmc("000000", "020326"),
      gga("000001"),
    ];
    expect(times(bodies)).toEqual([
      "2026-03-01T23:59:59.000Z",
      "2026-03-02T00:00:00.000Z",
      "2026-03-02T00:00:01.000Z",
    ]);
  });

  test("goes on over midnight without any further date", () => {
    const bodies = [
      zda("235959", "01,03,2026"),
      gga("235959"),
      gga("000000"),
      gga("120000"),
      gga("235959"),
      gga("000000"),
    ];
    expect(times(bodies)).toEqual([
      "2026-03-01T23:59:59.000Z",
      "2026-03-02T00:00:00.000Z",
      "2026-03-02T12:00:00.000Z",
      "2026-03-02T23:59:59.000Z",
      "2026-03-03T00:00:00.000Z",
    ]);
  });

  test("does not go on when a late sentence comes from before midnight", () => {
    expect(times([rmc("000000", "020326"), gga("235959.9")])).toEqual([
      "2026-03-02T00:00:00.000Z",
      "2026-03-01T23:59:59.900Z",
    ]);
  });

  test("may come from a ZDA with no position of its time", () => {
    expect(times([zda("120000.5", "01,03,2026"), gga("120001")])).toEqual(["2026-03-01T12:00:01.000Z"]);
  });

  test("separates epochs with the same time of day", () => {
    expect(times([rmc("120000", "010326"), rmc("120000", "020326")])).toHaveLength(2);
  });

  test.each([
    ["010180", "1980-01-01"],
    ["311299", "1999-12-31"],
    ["010100", "2000-01-01"],
    ["311279", "2079-12-31"],
    ["290224", "2024-02-29"],
  ])("%s is %s", (date, expected) => {
    expect(times([rmc("120000", date)])).toEqual([`${expected}T12:00:00.000Z`]);
  });
});

describe("a week rollover", () => {
  // 1024 weeks before 2026-03-01 is 2006-07-16, 2048 weeks is 1986-11-30.
  test.each([
    ["once", "160706"],
    ["twice", "301186"],
  ])("within a drive is put right when the receiver falls back %s", (_, date) => {
    const heard = hearNmea([rmc("120000", "010326"), rmc("120001", date), rmc("120002", date)]);
    expect(heard.reports.map(({ timeMs }) => timeMs % 86_400_000)).toEqual([
      43_200_000, 43_201_000, 43_202_000,
    ]);
    expect(heard.reports.every(({ timeMs }) => timeMs > Date.parse("2026-03-01"))).toBe(true);
    expect(reasons(heard)).toEqual(["2 week-rollover"]);
  });

  test("over midnight is put right too", () => {
    expect(times([rmc("235959", "010326"), rmc("000000", "170706")])).toEqual([
      "2026-03-01T23:59:59.000Z",
      "2026-03-02T00:00:00.000Z",
    ]);
  });

  test("of the whole drive is left alone: nothing in it shows which is right", () => {
    expect(times([rmc("120000", "160706"), rmc("120001", "160706")])).toEqual([
      "2006-07-16T12:00:00.000Z",
      "2006-07-16T12:00:01.000Z",
    ]);
  });

  test.each([
    ["a year", "010325", "2025-03-01"],
    ["fifteen years", "010311", "2011-03-01"],
    ["1024 weeks and two days", "140706", "2006-07-14"],
  ])("is not suspected in a step back by %s", (_, date, expected) => {
    expect(times([rmc("120000", "010326"), rmc("120000", date)])[1]).toBe(`${expected}T12:00:00.000Z`);
  });
});

test("a leap second is the first second of the next day", () => {
  expect(times([rmc("235959", "311216"), rmc("235960", "311216"), rmc("235960.5", "311216")])).toEqual([
    "2016-12-31T23:59:59.000Z",
    "2017-01-01T00:00:00.000Z",
    "2017-01-01T00:00:00.500Z",
  ]);
});

test("a fraction of a second is whole milliseconds", () => {
  expect(times([rmc("120017.07", "010326"), rmc("120017.123456", "010326")])).toEqual([
    "2026-03-01T12:00:17.070Z",
    "2026-03-01T12:00:17.123Z",
  ]);
});
