import sharp from "sharp";
import { expect, test } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";
import type { Redactor } from "../../src/redaction/redactor.ts";
import { frameOf, noise, released } from "./frames.ts";
import type { Bytes } from "./frames.ts";

const SIZE = { width: 64, height: 48 };
const random = seededRandom(5);

/** Blurs a picture that is another one every time, as from a moving camera. */
async function blurAt(redactor: Redactor, timeMs: number, camera = "front"): Promise<string> {
  const data = new Uint8Array(SIZE.width * SIZE.height).fill(0);
  for (let i = 0; i < data.length; i++) data[i] = random() * 256 * (0.2 + ((timeMs / 3) % 7) / 9);
  const { frame } = await released(redactor.blur(frameOf("gray8", SIZE, data, { timeMs, camera })));
  return Buffer.from(frame.data).toString("hex");
}

test("a mosaic stands for refreshMs of frame time, then a new one is made", async () => {
  const redactor = createRedactor({ refreshMs: 1000 });
  const first = await blurAt(redactor, 10_000);
  expect(await blurAt(redactor, 10_999)).toBe(first);
  expect(await blurAt(redactor, 11_000)).not.toBe(first);
});

test("ten seconds of 36 fps show at most ten different mosaics", async () => {
  const redactor = createRedactor();
  const seen = new Set<string>();
  for (let i = 0; i < 360; i++) seen.add(await blurAt(redactor, (i * 1000) / 36));
  expect(seen.size).toBeLessThanOrEqual(10);
});

test("each camera has a mosaic of its own", async () => {
  const redactor = createRedactor();
  const front = await blurAt(redactor, 1000, "front");
  await blurAt(redactor, 1300, "rear");
  expect(await blurAt(redactor, 1999, "front")).toBe(front);
});

test("a frame slightly out of order gets the mosaic that stands", async () => {
  const redactor = createRedactor();
  const first = await blurAt(redactor, 10_000);
  expect(await blurAt(redactor, 9990)).toBe(first);
});

test("a clock that goes back gets solid grey, and a mosaic again after refreshMs", async () => {
  const redactor = createRedactor({ refreshMs: 1000 });
  const first = await blurAt(redactor, 1e12);
  const grey = "80".repeat(SIZE.width * SIZE.height);
  expect(await blurAt(redactor, 5000)).toBe(grey);
  expect(await blurAt(redactor, 5500)).toBe(grey);
  const later = await blurAt(redactor, 6000);
  expect(later).not.toBe(grey);
  expect(later).not.toBe(first);
});

test("a clock that swings back and forth draws few mosaics in all", async () => {
  const redactor = createRedactor({ refreshMs: 1000 });
  const seen = new Set<string>();
  for (let i = 0; i < 500; i++) seen.add(await blurAt(redactor, i % 2 === 0 ? 1e9 + i : i));
  expect(seen.size).toBeLessThanOrEqual(12);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  "a frame at %s is refused",
  (timeMs) => {
    const frame = frameOf("gray8", SIZE, new Uint8Array(SIZE.width * SIZE.height), { timeMs });
    expect(createRedactor().blur(frame)).toMatchObject({ ok: false, reason: "redaction-failed" });
  },
);

test("changing the format or the size brings no second mosaic within refreshMs", async () => {
  const redactor = createRedactor();
  await blurAt(redactor, 1000);
  const jpeg = await jpegOf(noise(64 * 48 * 3, random));
  const other = await released(redactor.blur(frameOf("jpeg", SIZE, jpeg, { timeMs: 1500 })));
  expect(other.informationBits).toBe(0);
  const smaller = frameOf("gray8", { width: 32, height: 16 }, noise(512, random), { timeMs: 1600 });
  const small = await released(redactor.blur(smaller));
  expect(small.informationBits).toBe(0);
  expect(new Set(small.frame.data)).toEqual(new Set([128]));
});

test("within refreshMs the file of a JPEG is given out again, and a file cut off is not", async () => {
  const redactor = createRedactor();
  const [first, second] = [
    await jpegOf(noise(64 * 48 * 3, random)),
    await jpegOf(noise(64 * 48 * 3, random)),
  ];
  const one = await released(redactor.blur(frameOf("jpeg", SIZE, first, { timeMs: 1000 })));
  const other = await released(redactor.blur(frameOf("jpeg", SIZE, second, { timeMs: 1900 })));
  expect(other.frame.data).toBe(one.frame.data);
  const cut = frameOf("jpeg", SIZE, second.slice(0, 100), { timeMs: 1950 });
  expect(redactor.blur(cut)).toMatchObject({ ok: false });
});

test("a picture that could not be blurred is not given out later", async () => {
  const redactor = createRedactor();
  const progressive = new Uint8Array(
    await sharp(noise(64 * 48 * 3, random), { raw: { ...SIZE, channels: 3 } })
      .jpeg({ progressive: true })
      .toBuffer(),
  );
  const broken = progressive.slice();
  broken.fill(0, broken.length - 300, broken.length - 2);
  expect(await redactor.blur(frameOf("jpeg", SIZE, broken, { timeMs: 1000 }))).toMatchObject({ ok: false });
  const { informationBits } = await released(
    redactor.blur(frameOf("jpeg", SIZE, progressive, { timeMs: 1001 })),
  );
  expect(informationBits).toBeGreaterThan(0);
});

async function jpegOf(pixels: Bytes): Promise<Bytes> {
  return new Uint8Array(
    await sharp(pixels, { raw: { ...SIZE, channels: 3 } })
      .jpeg()
      .toBuffer(),
  );
}
