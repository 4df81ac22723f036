import { expect, test } from "vitest";
import { formatIso, parseIsoMs } from "../../src/core/time.ts";

test("a time with a zone is read to the millisecond", () => {
  expect(parseIsoMs("2026-03-01T08:00:00.100Z")).toBe(Date.UTC(2026, 2, 1, 8, 0, 0, 100));
  expect(parseIsoMs("2026-03-01T16:00:00+08:00")).toBe(Date.UTC(2026, 2, 1, 8));
  expect(formatIso(parseIsoMs("2024-02-29T00:00:00Z"))).toBe("2024-02-29T00:00:00.000Z");
});

test.each([
  "",
  "now",
  "2026-03-01",
  "2026-03-01T08:00:00",
  "2026-02-31T08:00:00Z",
  "2026-13-01T08:00:00Z",
  "2026-03-01T25:00:00Z",
])("%j is no time", (text) => {
  expect(parseIsoMs(text)).toBeNaN();
});
