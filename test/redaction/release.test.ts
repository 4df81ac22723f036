import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";
import { find, frameOf, joinBytes, layoutFor, noise, RAW_FORMATS, released, segment } from "./frames.ts";
import type { Bytes } from "./frames.ts";

const SIZE = { width: 48, height: 32 };
const CANARY = new TextEncoder().encode("CANARY-OF-THE-ORIGINAL");
const random = seededRandom(11);
const redactor = createRedactor();
let jpeg: Bytes = new Uint8Array(0);

beforeAll(async () => {
  jpeg = await encode();
});

async function encode(progressive = false): Promise<Bytes> {
  const image = sharp(noise(48 * 32 * 3, random), { raw: { ...SIZE, channels: 3 } });
  return new Uint8Array(await image.jpeg({ progressive }).toBuffer());
}

const app = (marker: number, name: string): Bytes =>
  segment(marker, joinBytes(new TextEncoder().encode(`${name}\0`), CANARY));
const afterSoi = (...parts: readonly Uint8Array[]): Bytes =>
  joinBytes(jpeg.subarray(0, 2), ...parts, jpeg.subarray(2));

describe("what a passed JPEG loses", () => {
  test.each([
    ["EXIF with its thumbnail", (): Bytes => afterSoi(app(0xe1, "Exif\0"))],
    ["XMP", (): Bytes => afterSoi(app(0xe1, "http://ns.adobe.com/xap/1.0/"))],
    ["an ICC profile", (): Bytes => afterSoi(app(0xe2, "ICC_PROFILE"))],
    ["IPTC", (): Bytes => afterSoi(app(0xed, "Photoshop 3.0"))],
    ["a comment", (): Bytes => afterSoi(segment(0xfe, CANARY))],
    ["a JFIF extension with a thumbnail", (): Bytes => afterSoi(app(0xe0, "JFXX"))],
    ["an unknown application segment", (): Bytes => afterSoi(app(0xe9, "?"))],
    ["an oversized Adobe segment", (): Bytes => afterSoi(segment(0xee, joinBytes(ADOBE, CANARY)))],
    ["trailing bytes", (): Bytes => joinBytes(jpeg, CANARY)],
    [
      "a second picture that an index announces",
      (): Bytes => joinBytes(afterSoi(app(0xe2, "MPF")), jpeg, CANARY),
    ],
  ])("%s", async (_, build) => {
    const tagged = build();
    expect(find(tagged, CANARY)).toBeGreaterThan(0);
    const { frame, informationBits } = await released(redactor.release(frameOf("jpeg", SIZE, tagged)));
    expect(find(frame.data, CANARY)).toBe(-1);
    expect(informationBits).toBeNull();
    expect(await pixels(frame.data)).toEqual(await pixels(jpeg));
    const inPlace = await released(
      createRedactor({ originals: "policy" }).release(frameOf("jpeg", SIZE, tagged)),
    );
    expect(inPlace.frame.data).toEqual(frame.data);
    expect(inPlace.frame.data.buffer).toBe(tagged.buffer);
    expect(find(tagged, CANARY)).toBe(-1);
  });
});
const ADOBE = [0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 1];

test("a passed JPEG's coded pixels stay byte for byte", async () => {
  const { frame } = await released(redactor.release(frameOf("jpeg", SIZE, afterSoi(app(0xe1, "Exif")))));
  expect(frame.data).toEqual(jpeg);
});

test("a JPEG that belongs to the policy is cleaned where it lies, whatever stands between its parts", async () => {
  const progressive = await encode(true);
  const marks = new Set([0xc2, 0xc4, 0xda, 0xd9]);
  const parts = [...progressive].map((byte, i) =>
    byte === 0xff && marks.has(progressive[i + 1] ?? 0)
      ? joinBytes(segment(0xfe, CANARY), Uint8Array.of(0xff, 0xff))
      : Uint8Array.of(byte),
  );
  const spread = joinBytes(...parts, CANARY);
  const copied = await released(redactor.release(frameOf("jpeg", SIZE, spread.slice())));
  const owner = createRedactor({ originals: "policy" });
  const { frame } = await released(owner.release(frameOf("jpeg", SIZE, spread)));
  expect(frame.data).toEqual(copied.frame.data);
  expect(frame.data).toEqual(progressive);
  const { byteOffset, length } = frame.data;
  expect(spread.subarray(0, byteOffset).every((byte) => byte === 0)).toBe(true);
  expect(spread.subarray(byteOffset + length).every((byte) => byte === 0)).toBe(true);
});

test("a JPEG with nothing to lose is not copied", async () => {
  const { frame } = await released(redactor.release(frameOf("jpeg", SIZE, jpeg)));
  expect(frame.data).toBe(jpeg);
});

test("the colour transform of an Adobe JPEG stays", async () => {
  const adobe = joinBytes([0xff, 0xd8], segment(0xee, [...ADOBE.slice(0, 11), 0]), jpeg.subarray(2));
  const { frame } = await released(redactor.release(frameOf("jpeg", SIZE, adobe)));
  expect(await pixels(frame.data)).toEqual(await pixels(adobe));
  expect(await pixels(frame.data)).not.toEqual(await pixels(jpeg));
});

test("the policy may keep metadata, but neither trailing bytes nor second pictures", async () => {
  const keeping = createRedactor({ keepMetadata: true });
  const tagged = joinBytes(afterSoi(app(0xe1, "Exif")), new TextEncoder().encode("AFTER-THE-END"));
  const { frame } = await released(keeping.release(frameOf("jpeg", SIZE, tagged)));
  expect(find(frame.data, CANARY)).toBeGreaterThan(0);
  expect(find(frame.data, new TextEncoder().encode("AFTER-THE-END"))).toBe(-1);
});

const patched = (offsetOf: number, at: number, bytes: readonly number[]): Bytes => {
  const copy = jpeg.slice();
  copy.set(bytes, find(jpeg, Uint8Array.of(0xff, offsetOf)) + at);
  return copy;
};

describe("a JPEG is refused", () => {
  test.each([
    ["empty", (): Bytes => new Uint8Array(0)],
    ["of another size than the frame says", (): Bytes => patched(0xc0, 5, [0, 33])],
    ["of no size", (): Bytes => patched(0xc0, 5, [0, 0])],
    ["without its end", (): Bytes => jpeg.slice(0, -2)],
    ["cut off in its scan", (): Bytes => jpeg.slice(0, -50)],
    ["cut off in a header", (): Bytes => jpeg.slice(0, 100)],
    ["with a second picture that nothing announces", (): Bytes => joinBytes(jpeg, jpeg)],
    ["with a picture inside", (): Bytes => afterSoi([jpeg][0] ?? jpeg)],
    ["with a second frame header", (): Bytes => afterSoi(segment(0xc0, [8, 0, 32, 0, 48, 1, 1, 0x11, 0]))],
    ["with bytes between segments", (): Bytes => afterSoi(Uint8Array.of(1, 2, 3))],
    ["with arithmetic coding", (): Bytes => patched(0xc0, 1, [0xc9])],
    ["with lossless coding", (): Bytes => patched(0xc0, 1, [0xc3])],
    ["with 12 bits", (): Bytes => patched(0xc0, 4, [12])],
    [
      "with a restart marker out of turn",
      (): Bytes => joinBytes(jpeg.subarray(0, -2), [0xff, 0xd3, 0xff, 0xd9]),
    ],
    ["with a table longer than its segment", (): Bytes => patched(0xdb, 2, [0, 66])],
    ["with a quantisation table that does not exist", (): Bytes => patched(0xc0, 12, [9])],
    ["with more blocks in an MCU than decoders take", (): Bytes => patched(0xc0, 11, [0x44])],
    ["with a sampling factor of zero", (): Bytes => patched(0xc0, 11, [0])],
  ])("%s", (_, build) => {
    const frame = frameOf("jpeg", SIZE, build());
    expect(redactor.release(frame)).toMatchObject({ ok: false, reason: "bad-frame" });
    expect(createRedactor().blur(frame)).toMatchObject({ ok: false, reason: "redaction-failed" });
  });

  test("with CMYK, in so many words", async () => {
    const cmyk = await sharp(noise(48 * 32 * 3, random), { raw: { ...SIZE, channels: 3 } })
      .toColourspace("cmyk")
      .jpeg()
      .toBuffer();
    const refused = redactor.release(frameOf("jpeg", SIZE, new Uint8Array(cmyk)));
    expect(await refused).toHaveProperty("detail", "JPEG with CMYK (4 components) is not taken (byte 87)");
  });
});

describe.each(RAW_FORMATS)("a raw frame in %s", (format) => {
  const layout = layoutFor(format, SIZE);
  const padded = { ...SIZE, strideBytes: (layout.planes[0]?.strideBytes ?? 0) + 40 };

  test("passes as it is", async () => {
    const data = noise(layout.sizeBytes, random);
    const { frame } = await released(redactor.release(frameOf(format, SIZE, data)));
    expect(frame.data).toBe(data);
  });

  test.each(["caller", "policy"] as const)(
    "loses what lies between its rows and behind it (owner: %s)",
    async (originals) => {
      const { sizeBytes, planes } = layoutFor(format, padded);
      const data = joinBytes(new Uint8Array(sizeBytes).fill(1), CANARY);
      for (const plane of planes) data.set(CANARY.subarray(0, 8), plane.offsetBytes + plane.rowBytes);
      const blurredData = data.slice();
      const owner = createRedactor({ originals });
      const passed = await released(owner.release(frameOf(format, padded, data)));
      const blurred = await released(owner.blur(frameOf(format, padded, blurredData)));
      for (const { frame } of [passed, blurred]) {
        expect(frame.data.length).toBe(sizeBytes);
        // The whole memory that the frame lies in: what is behind it can be reached.
        expect(find(new Uint8Array(frame.data.buffer), CANARY.subarray(0, 4))).toBe(-1);
      }
    },
  );

  test("that is one byte short is refused", () => {
    const frame = frameOf(format, SIZE, noise(layout.sizeBytes - 1, random));
    expect(redactor.release(frame)).toMatchObject({ ok: false, reason: "bad-frame" });
    expect(createRedactor().blur(frame)).toMatchObject({ ok: false, reason: "redaction-failed" });
  });
});

test("an original that the policy owns is zeroed when it is dropped, blurred or refused", async () => {
  const owner = createRedactor({ originals: "policy" });
  const dropped = frameOf("gray8", SIZE, noise(48 * 32, random));
  owner.discard(dropped);
  const coded = frameOf("jpeg", SIZE, jpeg.slice());
  await released(owner.blur(coded));
  const refused = frameOf("rgb24", SIZE, noise(100, random));
  await owner.blur(refused);
  for (const { data } of [dropped, coded, refused]) expect(data.every((byte) => byte === 0)).toBe(true);
});

test("an original that the caller owns is never written to", async () => {
  const data = noise(48 * 32, random);
  const before = data.slice();
  redactor.discard(frameOf("gray8", SIZE, data));
  await released(createRedactor().blur(frameOf("gray8", SIZE, data)));
  expect(data).toEqual(before);
});

async function pixels(data: Bytes): Promise<Buffer> {
  return await sharp(data).raw().toBuffer();
}
