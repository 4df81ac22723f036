import { describe, expect, it } from "vitest";
import { DAYS } from "../../src/zones/schedule-member.ts";
import { localTime } from "../../src/zones/local-time.ts";
import { isActive } from "../../src/zones/schedule.ts";
import type { Schedule } from "../../src/zones/zone.ts";

const always = { validFromMs: -Infinity, validUntilMs: Infinity, schedule: null };

function scheduled(timeZone: string, days: string, fromMin: number, toMin: number) {
  const numbers = days.split(" ").map((day) => DAYS.findIndex((each) => each === day));
  const schedule: Schedule = { timeZone, windows: [{ days: numbers, fromMin, toMin }] };
  return { ...always, schedule };
}

const everyDay = DAYS.join(" ");
const at = (text: string) => Date.parse(text);

describe("validity begins with its first millisecond and ends before its last", () => {
  const zone = { ...always, validFromMs: 1000, validUntilMs: 2000 };
  it.each([
    [999, false],
    [1000, true],
    [1999, true],
    [2000, false],
  ])("%d", (timeMs, active) => {
    expect(isActive(zone, timeMs, 0)).toBe(active);
  });
});

describe("a clock that may be off by 50 ms leaves a zone in force for so long before and after", () => {
  const valid = { ...always, validFromMs: 1000, validUntilMs: 2000 };
  const minute = scheduled("UTC", everyDay, 8 * 60, 8 * 60 + 1);
  const opensMs = at("2026-03-02T08:00:00Z");
  it.each([
    [valid, 949, false],
    [valid, 950, true],
    [valid, 2049, true],
    [valid, 2050, false],
    [minute, opensMs - 51, false],
    [minute, opensMs - 50, true],
    [minute, opensMs + 60_049, true],
    [minute, opensMs + 60_050, false],
  ])("%#", (zone, timeMs, active) => {
    expect(isActive(zone, timeMs, 50)).toBe(active);
  });
});

describe("at a time that is none, every zone restricts", () => {
  it.each([Number.NaN, Infinity, -Infinity, 8.7e15])("%d", (timeMs) => {
    expect(isActive({ ...always, validFromMs: 0, validUntilMs: 1 }, timeMs, 0)).toBe(true);
    expect(isActive(scheduled("Asia/Shanghai", "mon", 60, 61), timeMs, 0)).toBe(true);
  });
});

describe("a window opens and closes to the minute, on the clock of its time zone", () => {
  // Monday 2 March 2026 in Shanghai, UTC+8 all year.
  const zone = scheduled("Asia/Shanghai", "mon", 8 * 60, 18 * 60);
  it.each([
    ["2026-03-01T23:59:59.999Z", false],
    ["2026-03-02T00:00:00Z", true],
    ["2026-03-02T09:59:59.999Z", true],
    ["2026-03-02T10:00:00Z", false],
    ["2026-03-03T05:00:00Z", false],
  ])("%s", (time, active) => {
    expect(isActive(zone, at(time), 0)).toBe(active);
  });
});

describe("a window over midnight belongs to the day on which it opens", () => {
  const zone = scheduled("Asia/Shanghai", "fri", 22 * 60, 6 * 60);
  it.each([
    ["Friday before it opens", "2026-03-06T21:59:00+08:00", false],
    ["Friday night", "2026-03-06T22:00:00+08:00", true],
    ["midnight", "2026-03-07T00:00:00+08:00", true],
    ["Saturday before it closes", "2026-03-07T05:59:59+08:00", true],
    ["Saturday when it has closed", "2026-03-07T06:00:00+08:00", false],
    ["Saturday night", "2026-03-07T22:30:00+08:00", false],
    ["Friday morning", "2026-03-06T03:00:00+08:00", false],
  ])("%s", (_name, time, active) => {
    expect(isActive(zone, at(time), 0)).toBe(active);
  });

  it("also from Saturday to Sunday", () => {
    const saturday = scheduled("Asia/Shanghai", "sat", 22 * 60, 6 * 60);
    expect(isActive(saturday, at("2026-03-08T01:00:00+08:00"), 0)).toBe(true);
    expect(isActive(saturday, at("2026-03-09T01:00:00+08:00"), 0)).toBe(false);
  });
});

describe("a whole day", () => {
  it.each([
    ["2026-03-01T23:59:59+08:00", false],
    ["2026-03-02T00:00:00+08:00", true],
    ["2026-03-02T23:59:59.999+08:00", true],
    ["2026-03-03T00:00:00+08:00", false],
  ])("from 00:00 to 24:00: %s", (time, active) => {
    expect(isActive(scheduled("Asia/Shanghai", "mon", 0, 1440), at(time), 0)).toBe(active);
  });
});

describe("daylight saving time", () => {
  // Berlin, 29 March 2026: 02:00 becomes 03:00. 25 October 2026: 03:00 becomes 02:00.
  const inTheNight = scheduled("Europe/Berlin", everyDay, 2 * 60 + 15, 2 * 60 + 45);
  const evening = scheduled("Europe/Berlin", everyDay, 20 * 60, 21 * 60);
  it.each([
    ["the hour that is left out: never", inTheNight, "2026-03-29T00:30:00Z", false],
    ["the hour that is left out: nor just after", inTheNight, "2026-03-29T01:30:00Z", false],
    ["the hour that is repeated: the first time", inTheNight, "2026-10-25T00:30:00Z", true],
    ["the hour that is repeated: in between", inTheNight, "2026-10-25T00:50:00Z", false],
    ["the hour that is repeated: the second time", inTheNight, "2026-10-25T01:30:00Z", true],
    ["winter", evening, "2026-01-15T19:00:00Z", true],
    ["winter, an hour early", evening, "2026-01-15T18:00:00Z", false],
    ["summer", evening, "2026-07-15T18:00:00Z", true],
    ["summer, an hour late", evening, "2026-07-15T19:00:00Z", false],
  ])("%s", (_name, zone, time, active) => {
    expect(isActive(zone, at(time), 0)).toBe(active);
  });
});

describe("clocks with odd offsets", () => {
  it.each([
    ["Kathmandu, UTC+5:45", "Asia/Kathmandu", "2026-03-02T00:15:00Z", 1, 360],
    ["Lord Howe, summer, UTC+11", "Australia/Lord_Howe", "2026-01-05T13:00:00Z", 2, 0],
    ["Lord Howe, winter, UTC+10:30", "Australia/Lord_Howe", "2026-07-06T13:30:00Z", 2, 0],
    ["Kiribati, UTC+14", "Pacific/Kiritimati", "2026-03-01T10:00:00Z", 1, 0],
    ["St John's, which changed at 00:01: before", "America/St_Johns", "2010-11-07T02:30:59Z", 0, 59 / 60],
    ["St John's, which changed at 00:01: after", "America/St_Johns", "2010-11-07T02:31:00Z", 6, 23 * 60 + 1],
    ["before 1970", "UTC", "1969-12-31T23:59:00Z", 3, 1439],
  ])("%s", (_name, timeZone, time, day, minute) => {
    const local = localTime(timeZone, at(time));
    expect(local.day).toBe(day);
    expect(local.minute).toBeCloseTo(minute, 6);
  });
});

it("the kept offset never shows: an independent clock agrees at any time, in any order", () => {
  const zones = ["Europe/Berlin", "America/Los_Angeles", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"];
  for (const timeZone of zones) {
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "short",
      timeStyle: undefined,
      hour: "2-digit",
      minute: "2-digit",
    });
    for (let step = 0; step < 500; step++) {
      const timeMs = Date.UTC(2026, 0, 1) + ((step * 7_919_000_003) % 31_536_000_000);
      const { day, minute } = localTime(timeZone, timeMs);
      const clock = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(Math.floor(minute % 60)).padStart(2, "0")}`;
      const shown = format.format(timeMs).toLowerCase();
      expect(shown).toContain(DAYS[day]);
      expect(shown).toContain(clock);
    }
  }
});
