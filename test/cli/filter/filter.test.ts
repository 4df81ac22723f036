import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { jpegSize } from "../../../src/sources/jpeg-size.ts";
import {
  CAMERAS,
  captureMs,
  messagesOf,
  imagesIn,
  ENCODINGS,
  SECONDS,
  START_MS,
  drive,
  filter,
  imageAt,
  isRestricted,
  squareFile,
} from "../../kit/filter.ts";
import type { Encoding, Kind, Packing, ReadMessage } from "../../kit/recording.ts";
import { ATTACHED, decode, readBack, readStream, recording } from "../../kit/recording.ts";

const key = ({ topic, logTime }: { readonly topic: string; readonly logTime: bigint }) =>
  `${topic} ${logTime}`;
const isSame = (a: ReadMessage, b: ReadMessage | undefined) =>
  b !== undefined &&
  Buffer.compare(a.data, b.data) === 0 &&
  [a.schema, a.sequence, a.publishTime].join() === [b.schema, b.sequence, b.publishTime].join();

describe.each(ENCODINGS)("in %s", (encoding: Encoding) => {
  it.each<Kind>(["CompressedImage", "RawImage", "CompressedVideo"])(
    "a %s at a zone is left out, and every other message comes out byte for byte",
    async (kind) => {
      const input = await recording(drive(kind), { encoding });
      const { code, bytes, summary, stderr } = await filter(input, ["--zones", squareFile(), ...CAMERAS]);
      expect(code, stderr).toBe(0);
      const before = new Map((await readBack(input)).messages.map((message) => [key(message), message]));
      const { messages } = await readBack(bytes);
      readStream(bytes);
      const kept = messagesOf("/cam/image", messages);
      expect(kept.filter((image) => isRestricted(captureMs(image)))).toEqual([]);
      expect(kept.length).toBe(summary.passed);
      // 60 s at 5 a second, 15 s of them at the zone, and what its margin and the first fixes take.
      expect(kept.length).toBeGreaterThan(180);
      expect(summary.frames).toBe(300);
      expect(summary.frames).toBe(summary.passed + summary.blurred + summary.dropped);
      expect(messages.filter((message) => !isSame(message, before.get(key(message))))).toEqual([]);
      expect(messagesOf("/notes", messages).length).toBe(SECONDS);
    },
  );

  it.each<Kind>(["CompressedImage", "RawImage"])(
    "a %s at a zone that blurs keeps its fields, and its pixels are coarse cells",
    async (kind) => {
      const input = await recording(drive(kind), { encoding });
      const zones = squareFile({ action: "blur" });
      const { code, bytes, summary } = await filter(input, ["--zones", zones, ...CAMERAS]);
      expect(code).toBe(0);
      const before = new Map((await imagesIn(input)).map((message) => [key(message), message]));
      const blurred = (await imagesIn(bytes)).filter((image) => isRestricted(captureMs(image)));
      expect(blurred.length).toBeGreaterThan(70);
      expect(summary.blurred).toBeGreaterThanOrEqual(blurred.length);
      for (const message of blurred) {
        const [was, is] = [decode(before.get(key(message)), kind, encoding), decode(message, kind, encoding)];
        expect({ ...is, data: null }).toEqual({ ...was, data: null });
        expect(await distinctColours(is)).toBeLessThanOrEqual(24 * 24);
        expect(await distinctColours(was)).toBeGreaterThan(24 * 24);
      }
    },
  );

  it("H.264 that is blurred is left out until the next keyframe", async () => {
    const slice = (type: number) => Uint8Array.of(0, 0, 0, 1, type, 0x88, 0x84, 0x21);
    const told = drive("CompressedVideo", (timeMs) => {
      const isKey = (timeMs - START_MS - 100) % 9000 === 0;
      const { fields, ...image } = imageAt(timeMs, "CompressedVideo");
      return [{ ...image, fields: { ...fields, data: slice(isKey ? 0x65 : 0x41) } }];
    });
    const { bytes } = await filter(await recording(told, { encoding }), [
      "--zones",
      squareFile({ action: "blur" }),
      ...CAMERAS,
    ]);
    const kept = await imagesIn(bytes);
    const after = kept.filter((image) => captureMs(image) > START_MS + 37_500);
    // Keyframes come every 9 s: the first after the zone and its margin at 45.1 s.
    expect(after[0] && captureMs(after[0])).toBe(START_MS + 45_100);
    expect(kept.filter((image) => isRestricted(captureMs(image)))).toEqual([]);
  });

  it("positions inside zones are left out, unless they are to be kept", async () => {
    const input = await recording(drive(), { encoding });
    const inside = (messages: readonly ReadMessage[]) =>
      messagesOf("/gps/fix", messages).filter(({ logTime }) =>
        isRestricted(Number(logTime / 1_000_000n) - 20),
      );
    const zones = squareFile();
    const without = await filter(input, ["--zones", zones, ...CAMERAS]);
    expect(inside((await readBack(without.bytes)).messages)).toEqual([]);
    expect(messagesOf("/gps/fix", (await readBack(without.bytes)).messages).length).toBeGreaterThan(430);
    expect(without.summary.positions.removed).toBeGreaterThanOrEqual(150);
    const kept = await filter(input, ["--zones", zones, ...CAMERAS, "--keep-positions"]);
    expect(messagesOf("/gps/fix", (await readBack(kept.bytes)).messages).length).toBe(600);
    expect(kept.summary.passed).toBe(without.summary.passed);
  });
});

/** How many colours the pixels of an image message have; a JPEG decoded by another decoder. */
async function distinctColours({ data }: { readonly data: Uint8Array }): Promise<number> {
  const isJpeg = jpegSize(data).kind === "size";
  // A cell's edge may blend with the next one's in a JPEG: its middle pixels count.
  const pixels = isJpeg ? await sharp(data).resize(320, 180, { kernel: "nearest" }).raw().toBuffer() : data;
  const colours = new Map<number, number>();
  for (let i = 0; i + 2 < pixels.length; i += 3) {
    const colour = (pixels[i] ?? 0) * 65_536 + (pixels[i + 1] ?? 0) * 256 + (pixels[i + 2] ?? 0);
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  return colours.size;
}

it.each<Packing>(["none", "unchunked", "lz4", "zstd"])(
  "reads %s recordings, and keeps what stands beside",
  async (packing) => {
    const input = await recording(drive(), { packing, metadata: true });
    const { code, bytes, summary } = await filter(input, ["--zones", squareFile(), ...CAMERAS]);
    const [before, after] = [
      await readBack(await recording(drive(), { metadata: true })),
      await readBack(bytes),
    ];
    expect(code).toBe(0);
    expect(summary.passed).toBeGreaterThan(180);
    expect(after.metadata).toEqual(before.metadata);
    expect(after.attachments).toEqual(before.attachments);
    expect(after.attachments[0]?.data).toEqual(ATTACHED);
    expect(after.topics).toEqual(before.topics);
    const { messageCount, channelCount, schemaCount, attachmentCount, metadataCount } =
      after.statistics ?? {};
    expect([Number(messageCount), channelCount, schemaCount]).toEqual([after.messages.length, 3, 3]);
    expect([attachmentCount, metadataCount]).toEqual([1, 1]);
  },
);

it("starts with a drop", async () => {
  const { bytes } = await filter(await recording(drive()), ["--zones", squareFile(), ...CAMERAS]);
  const [first] = await imagesIn(bytes);
  // The third fix that agrees comes at 200 ms.
  expect(first && captureMs(first)).toBeGreaterThanOrEqual(START_MS + 200);
});

it("a recording without positions gives no frame", async () => {
  const told = drive().filter(({ kind }) => kind !== "LocationFix");
  const { code, bytes, summary, stderr } = await filter(await recording(told), [
    "--zones",
    squareFile(),
    ...CAMERAS,
  ]);
  expect([code, summary.passed, summary.dropped]).toEqual([0, 0, 300]);
  expect(await imagesIn(bytes)).toEqual([]);
  expect(summary.topics[0]?.reasons).toEqual({ "no-fix": 300 });
  expect(stderr).toContain('"in": 0');
});

describe("cameras", () => {
  const passedWith = async (args: readonly string[], frameId: string, topic = "/cam/image") => {
    const told = drive("CompressedImage", (at) => [imageAt(at, "CompressedImage", topic, frameId)]);
    return filter(await recording(told), ["--zones", squareFile(), ...args]);
  };

  it("an image topic that matches none is left out, and that is said once", async () => {
    const { code, summary, stderr, bytes } = await passedWith(CAMERAS, "roof");
    expect([code, summary.passed, summary.topics[0]?.reasons]).toEqual([0, 0, { "no-camera": 300 }]);
    expect(stderr.match(/match no camera/g)?.length).toBe(1);
    expect(await imagesIn(bytes)).toEqual([]);
  });

  it("are found by frame id, by the topic's name, and by what is said", async () => {
    expect((await passedWith(CAMERAS, "front")).summary.passed).toBeGreaterThan(180);
    expect((await passedWith(CAMERAS, "x", "/camera/front")).summary.passed).toBeGreaterThan(180);
    const told = await passedWith([...CAMERAS, "--topics", "front=/cam/image"], "x");
    expect(told.summary.passed).toBeGreaterThan(180);
  });

  it("without any, every topic looks all around, and zones for one camera are for all", async () => {
    const told = drive("CompressedImage", (at) => [imageAt(at)]);
    const zones = squareFile({ cameras: ["rear"] });
    const { summary, bytes } = await filter(await recording(told), ["--zones", zones]);
    expect(summary.passed).toBeGreaterThan(180);
    expect((await imagesIn(bytes)).filter((image) => isRestricted(captureMs(image)))).toEqual([]);
    const named = await filter(await recording(told), ["--zones", zones, ...CAMERAS]);
    expect(named.summary.passed).toBeGreaterThan(290);
  });

  it("a zone behind is seen by the rear camera, and by one whose direction nobody knows", async () => {
    const told = drive("CompressedImage", (at) => [imageAt(at)]);
    // The positions say no course: the heading is unknown, and every camera may look anywhere.
    const zones = squareFile({ viewM: 200 });
    const { bytes } = await filter(await recording(told), ["--zones", zones, ...CAMERAS]);
    const near = (await imagesIn(bytes)).filter(
      (image) => Math.abs((captureMs(image) - START_MS) / 100 - 300) < 200,
    );
    expect(near).toEqual([]);
  });
});
