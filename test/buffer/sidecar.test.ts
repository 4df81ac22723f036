import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openRecords, createRecordSealer } from "../../src/buffer/sidecar/sealed-records.ts";
import { createExtent } from "../../src/buffer/sidecar/extent.ts";
import type { FrameNote } from "../../src/buffer/sidecar/frame-notes.ts";
import { packNotes, unpackNotes } from "../../src/buffer/sidecar/frame-notes.ts";
import { distanceFrom, planeAt, wrapDeg } from "../../src/core/plane.ts";
import { DEVICE_KEY } from "../kit/buffer.ts";

const note = fc.record({
  timeMs: fc.double({ min: 0, max: 2e12, noNaN: true }),
  camera: fc.constantFrom("front", "rear"),
  action: fc.constantFrom("pass" as const, "blur" as const),
  latDeg: fc.double({ min: -70, max: 70, noNaN: true }),
  lonDeg: fc.double({ min: -180, max: 180, noNaN: true }),
  radiusM: fc.double({ min: 0, max: 1000, noNaN: true }),
  heading: fc.record({
    deg: fc.double({ min: -180, max: 180, noNaN: true }),
    errorDeg: fc.double({ min: 0, max: 180, noNaN: true }),
  }),
});

test("notes come back as they were, from any place in a file", () => {
  fc.assert(
    fc.property(fc.array(note), fc.nat(7), (notes, offset) => {
      const file = Buffer.concat([Buffer.alloc(offset), packNotes(notes, ["front", "rear"])]);
      expect([...unpackNotes(file.subarray(offset), ["front", "rear"])]).toEqual(notes);
    }),
  );
});

test("a segment's disc holds every reach, over the antimeridian, too", () => {
  const near = fc.tuple(
    note,
    fc.array(
      fc.tuple(
        fc.double({ min: -0.05, max: 0.05, noNaN: true }),
        fc.double({ min: -0.05, max: 0.05, noNaN: true }),
      ),
    ),
  );
  fc.assert(
    fc.property(near, ([first, steps]) => {
      const rest = steps.map(([north, east]): FrameNote => ({
        ...first,
        latDeg: first.latDeg + north,
        lonDeg: wrapDeg(first.lonDeg + east),
      }));
      const extent = createExtent();
      for (const each of [first, ...rest]) extent.add(each);
      const disc = extent.disc();
      for (const each of [first, ...rest]) {
        expect(distanceFrom(planeAt(disc), each) + each.radiusM).toBeLessThanOrEqual(disc.radiusM + 1e-6);
      }
      expect(disc.radiusM).toBeLessThan(first.radiusM + 12_000);
    }),
  );
});

function sealedFile(kind: "sidecar" | "journal", id: string): { file: Buffer; ends: number[] } {
  const sealer = createRecordSealer(kind, id, DEVICE_KEY);
  let file = sealer.head;
  const ends = [1, 1000, 0].map((bytes) => {
    file = Buffer.concat([file, sealer.seal(Buffer.alloc(bytes, bytes % 251))]);
    return file.length;
  });
  return { file, ends };
}

test("a file that was cut off gives its whole records", () => {
  const { file, ends } = sealedFile("journal", "a");
  for (let bytes = 40; bytes <= file.length; bytes++) {
    const whole = ends.filter((end) => end <= bytes).length;
    expect(openRecords("journal", "a", DEVICE_KEY, file.subarray(0, bytes)).length).toBe(whole);
  }
});

test("a record is bound to the kind of its file, its segment, its device and its place", () => {
  const { file, ends } = sealedFile("sidecar", "a");
  expect(() => openRecords("journal", "a", DEVICE_KEY, file)).toThrow("expected version 1");
  expect(() => openRecords("sidecar", "b", DEVICE_KEY, file)).toThrow(
    "is changed, erased, or of another device key",
  );
  expect(() => openRecords("sidecar", "a", Buffer.alloc(32, 9), file)).toThrow("another device key");
  const swapped = Buffer.concat([file.subarray(0, 40), file.subarray(ends[0])]);
  expect(() => openRecords("sidecar", "a", DEVICE_KEY, swapped)).toThrow("is changed");
  const erased = Buffer.from(file);
  erased.fill(0, 8, 40);
  expect(() => openRecords("sidecar", "a", DEVICE_KEY, erased)).toThrow("erased");
});
