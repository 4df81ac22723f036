import { expect, test } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { quickTpv } from "../../src/sources/gpsd-quick.ts";
import { gpsdLine } from "../../src/sources/gpsd-record.ts";

const PLAIN = {
  class: "TPV",
  device: "/dev/ttyACM0",
  mode: 3,
  time: "2026-03-01T12:00:00.100Z",
  status: 2,
  lat: 48.1173,
  lon: -11.522,
  speed: 5.1,
  track: 84.4,
  eph: 4,
  epx: 0,
  epy: 2.5,
};
const VALUES = [
  0,
  -1,
  1,
  1.5,
  4,
  90.1,
  -90,
  180.5,
  359.9,
  360.1,
  1e308,
  "0",
  "",
  null,
  true,
  {},
  "1e999",
  2 ** 53,
];

/** With a field that is unknown, the schema reads it: a time as seconds is never plain. */
function slowly(fields: Readonly<Record<string, unknown>>) {
  const timeMs = Date.parse(String(fields["time"]));
  return gpsdLine(JSON.stringify({ ...fields, time: timeMs / 1000 }));
}

test("what gpsd writes is read quickly, and as by the schema", () => {
  expect(quickTpv(PLAIN)).toEqual({ ...PLAIN, device: undefined, time: Date.parse(PLAIN.time) });
  expect(slowly(PLAIN)).toEqual({ kind: "record", record: quickTpv(PLAIN) });
});

test("whatever becomes of a field, the quick reader says what the schema says, or leaves it", () => {
  const random = seededRandom(9);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const names = Object.keys(PLAIN).filter((name) => name !== "time");
  let [read, left] = [0, 0];
  for (let i = 0; i < 20_000; i++) {
    const fields: Record<string, unknown> = { ...PLAIN };
    for (let changes = Math.floor(random() * 4); changes > 0; changes--) fields[pick(names)] = pick(VALUES);
    if (random() < 0.5) delete fields[pick(names)];
    const text = JSON.stringify(fields).replaceAll('"1e999"', "1e999");
    const quick = quickTpv(JSON.parse(text));
    if (quick === null) left++;
    else read++;
    const line = gpsdLine(text.replace(/"time":"[^"]*"/, `"time":${Date.parse(PLAIN.time) / 1000}`));
    if (quick !== null) expect(line, text).toEqual({ kind: "record", record: quick });
  }
  expect(Math.min(read, left)).toBeGreaterThan(2000);
});

test.each([
  null,
  undefined,
  3,
  "TPV",
  [],
  { class: "SKY" },
  { class: "TPV" },
  { ...PLAIN, time: "yesterday" },
])("%j is left to the schema", (value) => expect(quickTpv(value)).toBeNull());
