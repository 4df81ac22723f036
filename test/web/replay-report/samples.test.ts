import sharp from "sharp";
import { expect, test } from "vitest";
import type { Outcome } from "../../../src/gate/record.ts";
import { dropIn, blurIn, occurrences, outcomeAt, pageOf } from "./fixtures.ts";

const RED = { r: 230, g: 20, b: 20 };
const BLUE = { r: 20, g: 20, b: 230 };
const GREEN = { r: 20, g: 180, b: 20 };

async function jpegOf(background: typeof RED, width = 1280): Promise<Uint8Array<ArrayBuffer>> {
  const jpeg = await sharp({ create: { width, height: 720, channels: 3, background } })
    .withExif({ IFD0: { Copyright: "CANARY-EXIF" } })
    .jpeg()
    .toBuffer();
  return Uint8Array.from(jpeg);
}

function withImage(outcome: Outcome, data: Uint8Array<ArrayBuffer>, informationBits: number | null): Outcome {
  const { timeMs, camera, seq } = outcome.record;
  const frame = {
    timeMs,
    camera,
    seq,
    width: 1280,
    height: 720,
    format: "jpeg",
    data,
    keyframe: true,
  } as const;
  return { ...outcome, released: { frame, informationBits } };
}

async function coloursOf(page: string): Promise<string[]> {
  const images = [...page.matchAll(/data:image\/jpeg;base64,([^"]*)"/g)].map(([, text = ""]) =>
    Buffer.from(text, "base64"),
  );
  return Promise.all(
    images.map(async (image) => {
      const { channels } = await sharp(image).stats();
      return ["red", "green", "blue"][channels.findIndex(({ mean }) => mean > 128)] ?? "none";
    }),
  );
}

test("one passed and one blurred image of each camera are shown, small, with their caption", async () => {
  const outcomes = [
    withImage(outcomeAt(0), await jpegOf(GREEN), null),
    withImage(outcomeAt(1, blurIn("fort")), await jpegOf(BLUE), 2880),
    withImage(outcomeAt(2), await jpegOf(BLUE), null),
  ];
  const page = await pageOf(outcomes);
  expect(await coloursOf(page)).toEqual(["green", "blue"]);
  expect(page).toContain("at most 2,880 bits of the original");
  for (const [, text = ""] of page.matchAll(/base64,([^"]*)"/g)) {
    const image = Buffer.from(text, "base64");
    expect(image.length).toBeLessThan(40_000);
    expect((await sharp(image).metadata()).width).toBeLessThanOrEqual(400);
  }
});

test("a dropped frame contributes no pixel, even if one were handed over with its verdict", async () => {
  const red = await jpegOf(RED);
  const page = await pageOf([
    withImage(outcomeAt(0), await jpegOf(GREEN), null),
    withImage(outcomeAt(1, dropIn("fort")), red, null),
    { ...outcomeAt(2, dropIn("fort")), released: null },
  ]);
  expect(await coloursOf(page)).toEqual(["green"]);
  expect(page).not.toContain(Buffer.from(red).toString("base64").slice(200, 260));
});

test("metadata of a released image does not come along", async () => {
  const page = await pageOf([withImage(outcomeAt(0), await jpegOf(GREEN), null)]);
  const [, text = ""] = /base64,([^"]*)"/.exec(page) ?? [];
  expect(Buffer.from(text, "base64").toString("latin1")).not.toContain("CANARY-EXIF");
});

test("at most six images are shown, whatever the number of cameras", async () => {
  const data = await jpegOf(BLUE, 64);
  const cameras = Array.from({ length: 8 }, (_, i) => `camera${i}`);
  const outcomes = cameras.flatMap((camera) => [
    withImage(outcomeAt(0, { camera }), data, null),
    withImage(outcomeAt(1, { camera, ...blurIn("fort") }), data, 10),
  ]);
  expect(occurrences(await pageOf(outcomes, [], {}, cameras), "<img")).toBe(6);
});

test("an image that cannot be read is left out, and the page is still made", async () => {
  const page = await pageOf([withImage(outcomeAt(0), new Uint8Array([0xff, 0xd8, 1, 2, 3]), null)]);
  expect(page).not.toContain("<img");
  expect(page).toContain("passed");
});

test("later changes to a shared buffer do not reach the page", async () => {
  const data = Uint8Array.from(await jpegOf(GREEN));
  const outcome = withImage(outcomeAt(0), data, null);
  const red = await jpegOf(RED);
  const changed = {
    ...outcomeAt(1),
    get released() {
      data.set(red.subarray(0, data.length));
      return null;
    },
  };
  expect(await coloursOf(await pageOf([outcome, changed]))).toEqual(["green"]);
});
