import sharp from "sharp";
import { expect, test } from "vitest";
import { createRedactor } from "../../src/redaction/redactor.ts";
import type { Frame, FrameFormat } from "../../src/sources/frame.ts";

const RED = { r: 200, g: 30, b: 30 };

function frameOf(format: FrameFormat, width: number, height: number, data: Uint8Array<ArrayBuffer>): Frame {
  return { camera: "front", timeMs: 1000, seq: 1, width, height, format, data, keyframe: true };
}

test("a blurred frame keeps camera, time, size and format", () => {
  const frame = frameOf("nv12", 64, 48, new Uint8Array((64 * 48 * 3) / 2).fill(77));
  const blurred = createRedactor().blur(frame);
  expect(blurred).toMatchObject({
    ok: true,
    frame: { camera: "front", timeMs: 1000, width: 64, format: "nv12" },
  });
});

test("a blurred JPEG is a JPEG of the same size", async () => {
  const jpeg = await sharp({ create: { width: 100, height: 60, channels: 3, background: RED } })
    .jpeg()
    .toBuffer();
  const blurred = await createRedactor().blur(frameOf("jpeg", 100, 60, new Uint8Array(jpeg)));
  if (!blurred.ok) throw new Error(blurred.detail);
  const { width, height } = await sharp(blurred.frame.data).metadata();
  expect({ width, height }).toEqual({ width: 100, height: 60 });
});

test("a frame that is not what it says is refused and never thrown", () => {
  const redactor = createRedactor();
  const short = frameOf("rgb24", 100, 60, new Uint8Array(10));
  expect(redactor.release(short)).toMatchObject({ ok: false, reason: "bad-frame" });
  expect(redactor.blur(short)).toMatchObject({ ok: false, reason: "redaction-failed" });
});
