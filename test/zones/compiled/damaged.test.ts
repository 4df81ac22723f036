import type { FileHandle } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CamfenceError } from "../../../src/core/errors.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { compiledZoneSet } from "../../../src/zones/compiled/compiled-zone-set.ts";
import { ROW } from "../../../src/zones/compiled/area-table.ts";
import { inspectZones } from "../../../src/zones/check/inspect-zones.ts";
import { loadCompiled, readWhole } from "../../../src/zones/compiled/load-compiled.ts";
import { compiledFormat } from "../../../src/zones/update/compiled-format.ts";
import { RING } from "../../../src/zones/index/rings.ts";
import { tempDir } from "../../kit/cli.ts";
import { AT, ENTRY_BYTES, MAGIC, VERSION } from "../../../src/zones/compiled/layout.ts";
import type { ZoneSetContent } from "../../../src/zones/zone.ts";
import { zoneOf } from "../../gate/scene.ts";
import { aligned, bytesOf, judgedAt, placesNear, randomContent, resealed } from "./sets.ts";

const WHOLE = bytesOf(randomContent(2, 5));
const LARGE = bytesOf(randomContent(2, 60));
const RUNS = process.env["SLOW"] === undefined ? 900 : 300_000;

/** How a file is refused; null when it is not. */
function refusal(bytes: Uint8Array): string | null {
  try {
    compiledZoneSet(bytes);
    return null;
  } catch (error) {
    if (error instanceof CamfenceError) return error.code;
    throw error;
  }
}

const changed = (at: number, change: (byte: number) => number): Buffer => {
  const bytes = aligned(WHOLE);
  bytes[at] = change(bytes[at] ?? 0);
  return bytes;
};

test("the whole file loads", () => {
  expect(refusal(WHOLE)).toBeNull();
});

test("no flip of any bit of any byte loads", () => {
  const codes = new Set<string | null>();
  for (let at = 0; at < WHOLE.length; at++) codes.add(refusal(changed(at, (byte) => byte ^ (1 << (at % 8)))));
  expect([...codes].map(String).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    "cut-off",
    "malformed",
    "tampered",
    "unsupported",
  ]);
});

test("no other value of a byte of the header loads", () => {
  for (let at = 0; at < AT.table; at++) {
    for (let value = 1; value < 256; value += 7)
      expect(refusal(changed(at, (byte) => byte ^ value))).not.toBeNull();
  }
});

test.each<[string, string, () => Uint8Array]>([
  ["an empty file", "malformed", () => new Uint8Array()],
  ["another file", "malformed", () => aligned(Buffer.from('{"type":"FeatureCollection"}'.padEnd(4096)))],
  ["only the magic", "cut-off", () => aligned(MAGIC)],
  ["half a header", "cut-off", () => aligned(WHOLE.subarray(0, AT.table - 1))],
  ["all but the last byte", "cut-off", () => aligned(WHOLE.subarray(0, -1))],
  ["one byte more", "tampered", () => aligned(Buffer.concat([WHOLE, Buffer.of(0)]))],
  ["an earlier version", "unsupported", () => changed(AT.version, () => VERSION - 1)],
  ["a later version", "unsupported", () => changed(AT.version, () => VERSION + 1)],
  ["another byte order", "unsupported", () => changed(AT.byteOrder, () => 1)],
  ["another checksum", "tampered", () => changed(AT.checksum, (byte) => byte + 1)],
  ["another content", "tampered", () => changed(WHOLE.length - 100, (byte) => byte + 1)],
])("%s is refused as %s", (_, code, bytes) => {
  expect(refusal(bytes())).toBe(code);
});

test("a file on disk is refused as the bytes are, wherever it is damaged", async () => {
  const path = join(tempDir(), "damaged.zoneset");
  const refusedAs = async (bytes: Uint8Array): Promise<unknown> => {
    writeFileSync(path, bytes);
    return loadCompiled(path).then(
      () => null,
      (error: unknown) => error instanceof CamfenceError && [error.code, error.message.startsWith(path)],
    );
  };
  expect(await refusedAs(LARGE)).toBeNull();
  for (let at = AT.table; at < LARGE.length; at += Math.floor(LARGE.length / 200)) {
    const bytes = aligned(LARGE);
    bytes[at] = (bytes[at] ?? 0) ^ 0x80;
    expect(await refusedAs(bytes)).toEqual(["tampered", true]);
  }
  expect(await refusedAs(LARGE.subarray(0, -1))).toEqual(["cut-off", true]);
  expect(await refusedAs(LARGE.subarray(0, 50))).toEqual(["cut-off", true]);
  expect(await refusedAs(Buffer.from("{}"))).toEqual(["malformed", true]);
  expect(await refusedAs(Buffer.alloc(0))).toEqual(["malformed", true]);
});

test("a file that was built wrongly is refused by whoever checks, builds or updates", async () => {
  const { offset = 0 } = sectionsIn(LARGE)[RINGS] ?? {};
  const bytes = aligned(LARGE);
  bytes.writeInt32LE(bytes.readInt32LE(offset + 4 * RING.edges) + 1, offset + 4 * RING.edges);
  const path = join(tempDir(), "wrong.zoneset");
  writeFileSync(path, resealed(bytes));
  const asked = { nowMs: Date.parse("2026-06-01T00:00:00Z"), earlier: null, allowShift: [] };
  await expect(inspectZones([path], asked)).rejects.toMatchObject({ code: "zones-invalid" });
  await expect(loadCompiled(path, { thorough: true })).rejects.toMatchObject({ code: "zones-invalid" });
  expect(() => compiledFormat.load(bytes, asked)).toThrow(/zones-invalid|contradict/);
});

test("a disk that fails at every piece is one error, and leaves none unheard", async () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown): void => void unheard.push(error);
  process.on("unhandledRejection", hear);
  let reads = 0;
  // The later pieces fail before the first does.
  const read = (): Promise<never> => {
    const slow = reads++ === 0 ? 20 : 0;
    return new Promise((_, reject) => setTimeout(() => reject(new Error("EIO: i/o error, read")), slow));
  };
  const disk = { stat: () => Promise.resolve({ size: 20_000_000 }), read };
  await expect(readWhole(disk as unknown as FileHandle)).rejects.toThrow("EIO");
  await new Promise((done) => setTimeout(done, 5));
  process.off("unhandledRejection", hear);
  expect(reads).toBeGreaterThan(5);
  expect(unheard).toEqual([]);
});

test("no beginning of the file loads", () => {
  for (let length = 0; length < WHOLE.length; length += 61) {
    expect(refusal(aligned(WHOLE.subarray(0, length)))).toMatch(/malformed|cut-off/);
  }
});

/** Where each section of the file stands. */
function sectionsIn(bytes: Buffer): readonly { readonly offset: number; readonly length: number }[] {
  return Array.from({ length: bytes.readDoubleLE(AT.sections) }, (_, i) => ({
    offset: bytes.readDoubleLE(AT.table + ENTRY_BYTES * i),
    length: bytes.readDoubleLE(AT.table + ENTRY_BYTES * i + 8),
  }));
}

/** Those of the zones, in the order of the file. */
const [RINGS, DEGREES, DECIMALS] = [4, 5, 6];
/** The tree's boxes, indices and ends of levels, and the items. */
const INDEX_SECTIONS = [7, 8, 9, 10];
const PLACES = placesNear(5, 25, 11);
const VERDICTS = judgedAt(compiledZoneSet(LARGE), PLACES) as readonly { readonly action: string }[];

describe("a file made to harm, with the checksum that belongs to it,", () => {
  test("has sections that lie within it, or is refused", () => {
    const random = seededRandom(1);
    const values = [
      -1,
      0.5,
      64,
      2 ** 31,
      2 ** 53,
      1e300,
      Number.NaN,
      Infinity,
      LARGE.length,
      LARGE.length - 64,
    ];
    for (let i = 0; i < RUNS / 3; i++) {
      const bytes = aligned(LARGE);
      const entry = AT.table + 8 * Math.floor(random() * 2 * sectionsIn(LARGE).length);
      bytes.writeDoubleLE(values[Math.floor(random() * values.length)] ?? 0, entry);
      expectHarmless(resealed(bytes));
    }
    expect.hasAssertions();
  });

  test("names only what is there, or is refused: it never passes what its source does not", () => {
    const random = seededRandom(2);
    const values = [-1, 0, 1, 2, 3, 7, 100, 2 ** 30, 2 ** 31 - 1, -(2 ** 31)];
    const sections = sectionsIn(LARGE);
    let refused = 0;
    for (let i = 0; i < RUNS; i++) {
      const bytes = aligned(LARGE);
      const { offset, length } = sections[INDEX_SECTIONS[i % INDEX_SECTIONS.length] ?? 0] ?? {
        offset: 0,
        length: 0,
      };
      const at = offset + 4 * Math.floor((random() * length) / 4);
      const old = bytes.readInt32LE(at);
      const value =
        random() < 0.5
          ? old + Math.floor(random() * 9) - 4
          : (values[Math.floor(random() * values.length)] ?? 0);
      bytes.writeInt32LE(value | 0, at);
      if (refusal(resealed(bytes)) === null) expectHarmless(bytes);
      else refused += 1;
    }
    expect(refused).toBeGreaterThan(RUNS / 2);
  });

  test("has an index of its own shapes, or is refused", () => {
    const circle = (latDeg: number) => bytesOf(oneCircle(latDeg));
    const [here, there] = [circle(48), circle(49)];
    const [mine, others] = [sectionsIn(here), sectionsIn(there)];
    expect(mine).toEqual(others);
    for (const i of INDEX_SECTIONS) {
      const { offset = 0, length = 0 } = mine[i] ?? {};
      there.copy(here, offset, offset, offset + length);
    }
    expect(refusal(resealed(here))).toBe("zones-invalid");
  });

  test("has the rules of its zones beside their shapes, or is refused", () => {
    const { offset = 0, length = 0 } = sectionsIn(LARGE)[0] ?? {};
    for (let row = offset; row < offset + length; row += 8 * ROW.size) {
      for (const column of [ROW.standoffM, ROW.viewM, ROW.isDrop]) {
        const bytes = aligned(LARGE);
        const at = row + 8 * column;
        bytes.writeDoubleLE(
          column === ROW.isDrop ? 1 - bytes.readDoubleLE(at) : bytes.readDoubleLE(at) + 1,
          at,
        );
        expect(refusal(resealed(bytes))).toBe("zones-invalid");
      }
    }
  });

  test("has rings that follow one another, or is refused", () => {
    const random = seededRandom(5);
    const { offset, length } = sectionsIn(LARGE)[RINGS] ?? { offset: 0, length: 0 };
    for (let i = 0; i < RUNS; i++) {
      const bytes = aligned(LARGE);
      const at = offset + 4 * Math.floor((random() * length) / 4);
      const change = Math.floor(random() * 2001) - 1000;
      bytes.writeInt32LE(bytes.readInt32LE(at) + change, at);
      expect(refusal(resealed(bytes))).toBe(change === 0 ? null : "zones-invalid");
    }
  });

  test("has its vertices where its boxes say, in closed rings, or is refused", () => {
    const random = seededRandom(6);
    const [degrees, decimals] = [sectionsIn(LARGE)[DEGREES], sectionsIn(LARGE)[DECIMALS]];
    for (let i = 0; i < RUNS / 3; i++) {
      const bytes = aligned(LARGE);
      const { offset, length } = degrees ?? { offset: 0, length: 0 };
      const at = offset + 8 * Math.floor((random() * length) / 8);
      const value = i % 3 === 0 ? Number.NaN : bytes.readDoubleLE(at) + (i % 3 === 1 ? 0.5 : -0.5);
      bytes.writeDoubleLE(value, at);
      expect(refusal(resealed(bytes))).toBe("zones-invalid");
    }
    for (let i = 0; i < RUNS / 3; i++) {
      const bytes = aligned(LARGE);
      const { offset, length } = decimals ?? { offset: 0, length: 0 };
      const at = offset + 4 * Math.floor((random() * length) / 4);
      bytes.writeInt32LE(i % 2 === 0 ? 2_000_000_000 : -2_000_000_000, at);
      expect(refusal(resealed(bytes))).toBe("zones-invalid");
    }
  });

  test("closes every ring, or is refused", () => {
    const { offset = 0 } = sectionsIn(LARGE)[RINGS] ?? {};
    const last = LARGE.readInt32LE(offset + 4 * RING.edges);
    const isDecimal = LARGE.readInt32LE(offset) < 0;
    const vertices = sectionsIn(LARGE)[isDecimal ? DECIMALS : DEGREES]?.offset ?? 0;
    const bytes = aligned(LARGE);
    const size = isDecimal ? 8 : 16;
    // The last vertex in the place of the one before it: within every box.
    bytes.copy(bytes, vertices + size * last, vertices + size * (last - 1), vertices + size * last);
    expect(refusal(resealed(bytes))).toBe("zones-invalid");
  });

  test("has numbers that mean something, or is refused", () => {
    const random = seededRandom(3);
    const values = [Number.NaN, Infinity, -Infinity, -1, 1e300, 0.5, 2 ** 40];
    const [rows, parts] = [sectionsIn(LARGE)[0], sectionsIn(LARGE)[3]];
    for (let i = 0; i < RUNS / 3; i++) {
      const bytes = aligned(LARGE);
      const { offset, length } = (i % 2 === 0 ? rows : parts) ?? { offset: 0, length: 0 };
      bytes.writeDoubleLE(values[i % values.length] ?? 0, offset + 8 * Math.floor((random() * length) / 8));
      const code = refusal(resealed(bytes));
      if (code === null) judgedAt(compiledZoneSet(bytes), PLACES);
      else expect(code).toBe("zones-invalid");
    }
  });

  test("has extras and ids that can be read, or is refused", () => {
    const random = seededRandom(4);
    const [, ids, extras] = sectionsIn(LARGE);
    for (let i = 0; i < RUNS / 3; i++) {
      const bytes = aligned(LARGE);
      const { offset, length } = (i % 2 === 0 ? ids : extras) ?? { offset: 0, length: 0 };
      bytes[offset + Math.floor(random() * length)] = Math.floor(random() * 256);
      const code = refusal(resealed(bytes));
      if (code === null) judgedAt(compiledZoneSet(bytes), PLACES);
      else expect(code).toBe("zones-invalid");
    }
  });
});

function oneCircle(latDeg: number): ZoneSetContent {
  const zones = [zoneOf("a", [{ kind: "circle", latDeg, lonDeg: 11, radiusM: 100 }])];
  return { ...randomContent(0), zones, coverage: [], regions: [] };
}

/** Either it is refused as making no sense, or nothing passes that did not. */
function expectHarmless(bytes: Buffer): void {
  const code = refusal(bytes);
  if (code !== null) return expect(code).toBe("zones-invalid");
  const judged = judgedAt(compiledZoneSet(bytes), PLACES) as readonly { readonly action: string }[];
  const opened = judged.filter(({ action }, i) => action === "pass" && VERDICTS[i]?.action !== "pass");
  expect(opened).toEqual([]);
}
