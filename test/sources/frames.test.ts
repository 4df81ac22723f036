import { mkdirSync, mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CamfenceError } from "../../src/core/errors.ts";
import { Frame } from "../../src/sources/frame.ts";
import type { FrameIn } from "../../src/sources/frame.ts";
import { imageFolderFrames, openImageFolder } from "../../src/sources/image-folder.ts";
import { syntheticFrames } from "../../src/sources/synthetic-frames.ts";

const startMs = Date.parse("2026-03-01T12:00:00Z");

/** The smallest beginning of a JPEG that has a size. */
function jpeg(width: number, height: number): Uint8Array {
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, ...size, 1, 1, 0x11, 0]);
}

function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const dir = mkdtempSync(join(tmpdir(), "camfence-images-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(dir, name, ".."), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  return dir;
}

async function framesOf(
  dir: string,
  clock = { fps: 2, startMs, endMs: startMs + 2000 },
): Promise<readonly FrameIn[]> {
  const frames: FrameIn[] = [];
  for await (const frame of imageFolderFrames(await openImageFolder(dir), "front", clock)) frames.push(frame);
  return frames;
}

const widths = (frames: readonly FrameIn[]) =>
  frames.map((frame) => ("width" in frame ? frame.width : frame.broken));
const offsets = (frames: readonly FrameIn[]) => frames.map(({ timeMs }) => timeMs - startMs);

describe("an image folder", () => {
  test("gives its JPEG files in name order, over and over to the end of the drive", async () => {
    const dir = folder({ "b.jpg": jpeg(2, 1), "a.JPEG": jpeg(1, 1), "notes.txt": "", "c.webp": "" });
    const frames = await framesOf(dir);
    expect(widths(frames)).toEqual([1, 2, 1, 2, 1]);
    expect(offsets(frames)).toEqual([0, 500, 1000, 1500, 2000]);
    expect(frames.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
    for (const frame of frames) Frame.parse(frame);
  });

  test.each([
    ["as KITTI raw has them", "2026-03-01 12:00:00.100000001\n2026-03-01 12:00:00.900999999\n"],
    ["in ISO 8601", "2026-03-01T12:00:00.100Z\r\n2026-03-01T13:00:00.901+01:00\r\n"],
    ["in seconds", `${startMs / 1000}.1\n${startMs / 1000}.901`],
    ["in milliseconds", `${startMs + 100}\n${startMs + 901}`],
  ])("places its images exactly by times %s", async (_, times) => {
    const dir = folder({ "a.jpg": jpeg(1, 1), "b.jpg": jpeg(2, 1), "timestamps.txt": times });
    const frames = await framesOf(dir);
    expect(offsets(frames)).toEqual([100, 901]);
    expect(widths(frames)).toEqual([1, 2]);
  });

  test("takes the times from its parent, where KITTI raw keeps them", async () => {
    const dir = folder({ "data/a.jpg": jpeg(1, 1), "timestamps.txt": `${startMs + 7}` });
    expect(offsets(await framesOf(join(dir, "data")))).toEqual([7]);
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ["empty", "", /b\.jpg: it does not begin as a JPEG/],
    ["no JPEG", "hello", /b\.jpg: it does not begin as a JPEG/],
    ["cut off before its size", jpeg(1, 1).subarray(0, 9), /b\.jpg: its frame header is damaged/],
    ["of size 0", jpeg(0, 1), /b\.jpg: its size is 0 × 1/],
  ])("makes a broken frame of a file that is %s, and goes on", async (_, content, broken) => {
    const [first, second, third] = await framesOf(
      folder({ "a.jpg": jpeg(1, 1), "b.jpg": content, "c.jpg": jpeg(3, 1) }),
    );
    expect(first).toMatchObject({ width: 1 });
    expect(second).toEqual({
      camera: "front",
      timeMs: startMs + 500,
      seq: 1,
      broken: expect.stringMatching(broken),
    });
    expect(third).toMatchObject({ width: 3 });
  });

  test("makes a broken frame of a file that is too large for a camera's image", async () => {
    const dir = folder({ "a.jpg": jpeg(1, 1) });
    truncateSync(join(dir, "a.jpg"), 64 * 1024 * 1024 + 1);
    expect(widths(await framesOf(dir))[0]).toMatch(/a\.jpg: is over 67108864 bytes/);
  });

  test("makes a broken frame of a folder with the name of an image", async () => {
    expect(widths(await framesOf(folder({ "a.jpg/x": "" })))[0]).toMatch(/a\.jpg: is no file/);
  });

  test.each<[string, Readonly<Record<string, string | Uint8Array>>, Partial<CamfenceError>, RegExp]>([
    ["no image", { "a.webp": "" }, { code: "malformed" }, /holds no \.jpg/],
    [
      "too few times",
      { "a.jpg": "", "b.jpg": "", "timestamps.txt": "1\n" },
      { code: "malformed" },
      /has 1 times for the 2 images/,
    ],
    [
      "too many times",
      { "a.jpg": "", "timestamps.txt": "1\n2\n" },
      { code: "malformed" },
      /has 2 times for the 1 images/,
    ],
    [
      "a time that is none",
      { "a.jpg": "", "b.jpg": "", "timestamps.txt": "1\nnoon\n" },
      { code: "malformed", line: 2 },
      /timestamps\.txt:2: "noon"/,
    ],
    [
      "an empty list of times",
      { "a.jpg": "", "timestamps.txt": "" },
      { code: "malformed", line: 1 },
      /timestamps\.txt:1: ""/,
    ],
    [
      "a time before the last",
      { "a.jpg": "", "b.jpg": "", "timestamps.txt": "2\n1\n" },
      { code: "malformed", line: 2 },
      /timestamps\.txt:2: this time is before/,
    ],
  ])("with %s is a mistake", async (_, files, error, message) => {
    const opened = openImageFolder(folder(files));
    await expect(opened).rejects.toMatchObject(error);
    await expect(opened).rejects.toThrow(message);
  });

  test("that is not there is a mistake", async () => {
    await expect(openImageFolder("/nowhere/at/all")).rejects.toMatchObject({ code: "unreadable" });
  });
});

describe("synthetic frames", () => {
  const cameras = [{ id: "front" }, { id: "rear" }];

  test("come from all cameras at the same times, in time order", () => {
    const frames = [...syntheticFrames(cameras, { fps: 10, startMs, endMs: startMs + 150 })];
    expect(frames.map(({ camera, seq, timeMs }) => `${camera} ${seq} ${timeMs - startMs}`)).toEqual([
      "front 0 0",
      "rear 0 0",
      "front 1 100",
      "rear 1 100",
    ]);
    for (const frame of frames) Frame.parse(frame);
  });

  test("keep their rate over a whole day to the millisecond", () => {
    const fps = 36;
    let seq = 0;
    let worstMs = 0;
    for (const { timeMs } of syntheticFrames([{ id: "front" }], {
      fps,
      startMs,
      endMs: startMs + 86_400_000,
    })) {
      worstMs = Math.max(worstMs, Math.abs(timeMs - (startMs + (seq * 1000) / fps)));
      seq += 1;
    }
    expect(seq).toBe(36 * 86_400 + 1);
    expect(worstMs).toBeLessThanOrEqual(0.5);
  });

  test("are made as they are asked for", () => {
    const frames = syntheticFrames(cameras, { fps: 1000, startMs: 0, endMs: 1e15 });
    expect(frames.next().value).toMatchObject({ timeMs: 0 });
    frames.return(undefined);
  });

  test("are a single one when the drive is an instant", () => {
    expect([...syntheticFrames([{ id: "front" }], { fps: 10, startMs, endMs: startMs })]).toHaveLength(1);
  });

  test.each([
    [{ fps: 0, startMs, endMs: startMs }],
    [{ fps: -1, startMs, endMs: startMs }],
    [{ fps: Number.NaN, startMs, endMs: startMs }],
    [{ fps: 1001, startMs, endMs: startMs }],
    [{ fps: 10, startMs, endMs: startMs - 1 }],
    [{ fps: 10, startMs, endMs: Number.POSITIVE_INFINITY }],
    [{ fps: 10, startMs: Number.NaN, endMs: startMs }],
  ])("at %o are wrong usage", (clock) => {
    expect(() => syntheticFrames([{ id: "front" }], clock).next()).toThrow(
      expect.objectContaining({ code: "usage" }),
    );
  });
});
