import { expect, test } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { parseUtcMs, plainUtcMs } from "../../src/sources/utc.ts";

/** A space for the T makes it a time that is not plain. */
const slowly = (text: string) => parseUtcMs(text.replace("T", " "));

test.each([
  ["2026-03-01T08:00:00Z", Date.UTC(2026, 2, 1, 8)],
  ["2026-03-01T08:00:00.1Z", Date.UTC(2026, 2, 1, 8, 0, 0, 100)],
  ["2024-02-29T23:59:59.999999999Z", Date.UTC(2024, 2, 1)],
])("%s is read quickly", (text, expected) => {
  expect(plainUtcMs(text)).toBe(slowly(text));
  expect(plainUtcMs(text)).toBe(expected);
});

test.each([
  "2026-02-29T08:00:00Z",
  "2026-03-01T24:00:00Z",
  "2026-03-01T08:00:60Z",
  "2026-03-01T08:00:00.Z",
  "2026-03-01T08:00:00",
  "2026-03-01T08:00:00+01:00",
  "2026-03-01t08:00:00Z",
  "",
])("%j is none that is read quickly", (text) => expect(plainUtcMs(text)).toBeNaN());

test("whatever a time looks like, it is read quickly as it is slowly, or not at all", () => {
  const random = seededRandom(3);
  const figure = () => String(Math.floor(random() * 10));
  let read = 0;
  for (let i = 0; i < 50_000; i++) {
    let text = `20${figure()}${figure()}-0${figure()}-${"0123"[Math.floor(random() * 4)]}${figure()}T${"012"[Math.floor(random() * 3)]}${figure()}:${figure()}${figure()}:${figure()}${figure()}`;
    const decimals = Math.floor(random() * 11);
    if (decimals > 0) text += `.${Array.from({ length: decimals }, figure).join("")}`;
    text += "Z";
    if (random() < 0.2) text = text.replace(figure(), "x.:-Z ".charAt(Math.floor(random() * 6)));
    const quick = plainUtcMs(text);
    if (Number.isNaN(quick)) continue;
    read++;
    expect(quick, text).toBe(slowly(text));
  }
  expect(read).toBeGreaterThan(5000);
});
