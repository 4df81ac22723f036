import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { jpegSize } from "../../../src/sources/jpeg-size.ts";
import {
  ENCODINGS,
  JPEG,
  SECONDS,
  START_MS,
  drive,
  filter,
  imageAt,
  isRestricted,
  positionAt,
  squareFile,
} from "../../kit/filter.ts";
import type { Encoding, Kind, Packing, ReadMessage } from "../../kit/recording.ts";
import { ATTACHED, decode, readBack, readStream, recording } from "../../kit/recording.ts";

const CAMERAS = ["--cameras", "front:0:100"];
const key = ({ topic, logTime }: { readonly topic: string; readonly logTime: bigint }) =>
  `${topic} ${logTime}`;
const isSame = (a: ReadMessage, b: ReadMessage | undefined) =>
  b !== undefined &&
  Buffer.compare(a.data, b.data) === 0 &&
  [a.schema, a.sequence, a.publishTime].join() === [b.schema, b.sequence, b.publishTime].join();
const captureMs = ({ logTime }: ReadMessage) => Number(logTime / 1_000_000n) - 30;
const of = (topic: string, messages: readonly ReadMessage[]) =>
  messages.filter((each) => each.topic === topic);
const images = async (bytes: Uint8Array) => of("/cam/image", (await readBack(bytes)).messages);

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
      const kept = of("/cam/image", messages);
      expect(kept.filter((image) => isRestricted(captureMs(image)))).toEqual([]);
      expect(kept.length).toBe(summary.passed);
      // 60 s at 5 a second, 15 s of them at the zone, and what its margin and the first fixes take.
      expect(kept.length).toBeGreaterThan(180);
      expect(summary.frames).toBe(300);
      expect(summary.frames).toBe(summary.passed + summary.blurred + summary.dropped);
      expect(messages.filter((message) => !isSame(message, before.get(key(message))))).toEqual([]);
      expect(of("/notes", messages).length).toBe(SECONDS);
    },
  );

  it.each<Kind>(["CompressedImage", "RawImage"])(
    "a %s at a zone that blurs keeps its fields, and its pixels are coarse cells",
    async (kind) => {
      const input = await recording(drive(kind), { encoding });
      const zones = squareFile({ action: "blur" });
      const { code, bytes, summary } = await filter(input, ["--zones", zones, ...CAMERAS]);
      expect(code).toBe(0);
      const before = new Map((await images(input)).map((message) => [key(message), message]));
      const blurred = (await images(bytes)).filter((image) => isRestricted(captureMs(image)));
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
    const kept = await images(bytes);
    const after = kept.filter((image) => captureMs(image) > START_MS + 37_500);
    // Keyframes come every 9 s: the first after the zone and its margin at 45.1 s.
    expect(after[0] && captureMs(after[0])).toBe(START_MS + 45_100);
    expect(kept.filter((image) => isRestricted(captureMs(image)))).toEqual([]);
  });

  it("positions inside zones are left out, unless they are to be kept", async () => {
    const input = await recording(drive(), { encoding });
    const inside = (messages: readonly ReadMessage[]) =>
      of("/gps/fix", messages).filter(({ logTime }) => isRestricted(Number(logTime / 1_000_000n) - 20));
    const zones = squareFile();
    const without = await filter(input, ["--zones", zones, ...CAMERAS]);
    expect(inside((await readBack(without.bytes)).messages)).toEqual([]);
    expect(of("/gps/fix", (await readBack(without.bytes)).messages).length).toBeGreaterThan(430);
    expect(without.summary.positions.removed).toBeGreaterThanOrEqual(150);
    const kept = await filter(input, ["--zones", zones, ...CAMERAS, "--keep-positions"]);
    expect(of("/gps/fix", (await readBack(kept.bytes)).messages).length).toBe(600);
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
  const [first] = await images(bytes);
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
  expect(await images(bytes)).toEqual([]);
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
    expect(await images(bytes)).toEqual([]);
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
    expect((await images(bytes)).filter((image) => isRestricted(captureMs(image)))).toEqual([]);
    const named = await filter(await recording(told), ["--zones", zones, ...CAMERAS]);
    expect(named.summary.passed).toBeGreaterThan(290);
  });

  it("a zone behind is seen by the rear camera, and by one whose direction nobody knows", async () => {
    const told = drive("CompressedImage", (at) => [imageAt(at)]);
    // The positions say no course: the heading is unknown, and every camera may look anywhere.
    const zones = squareFile({ viewM: 200 });
    const { bytes } = await filter(await recording(told), ["--zones", zones, ...CAMERAS]);
    const near = (await images(bytes)).filter(
      (image) => Math.abs((captureMs(image) - START_MS) / 100 - 300) < 200,
    );
    expect(near).toEqual([]);
  });
});

describe("what cannot be read is left out", () => {
  it("images of an unknown schema encoding", async () => {
    const input = await recording(drive(), { schemaEncoding: "flatbuffer" });
    const { code, summary, stderr } = await filter(input, ["--zones", squareFile(), ...CAMERAS]);
    expect([code, summary.passed, summary.topics[0]?.reasons]).toEqual([0, 0, { unreadable: 300 }]);
    expect(stderr).toContain("/cam/image: images that cannot be read are left out");
  });

  it.each([
    ["/camera/left/compressed", ""],
    ["/anything", "acme.CameraFrame"],
    ["/anything", "ffmpeg_image_transport_msgs/msg/FFMPEGPacket"],
  ])("a topic %s with schema %j", async (topic, schemaName) => {
    const told = [
      ...drive(),
      { topic, kind: "Text" as const, timeMs: START_MS + SECONDS * 1000, fields: { text: "pixels" } },
    ];
    const input = await recording(told, { schemaNames: new Map([[topic, schemaName]]) });
    const { bytes, summary } = await filter(input, ["--zones", squareFile(), ...CAMERAS]);
    expect(of(topic, (await readBack(bytes)).messages)).toEqual([]);
    expect(summary.topics.find((each) => each.topic === topic)?.reasons).toEqual({ unreadable: 1 });
  });

  it.each(["/camera/front/camera_info", "/camera/front/redaction", "/image_annotations"])(
    "but not %s",
    async (topic) => {
      const told = [
        ...drive(),
        { topic, kind: "Text" as const, timeMs: START_MS + SECONDS * 1000, fields: { text: "pixels" } },
      ];
      const input = await recording(told, { schemaNames: new Map([[topic, ""]]) });
      const { bytes } = await filter(input, ["--zones", squareFile(), ...CAMERAS]);
      expect(of(topic, (await readBack(bytes)).messages).length).toBe(1);
    },
  );

  it("a picture hidden in a field that images do not have", async () => {
    const told = drive("CompressedImage", (at) => {
      const { fields, ...image } = imageAt(at);
      return [{ ...image, fields: { ...fields, note: JPEG } }];
    });
    const named = ["--zones", squareFile(), ...CAMERAS, "--topics", "front=/cam/image"];
    const { summary } = await filter(await recording(told), named);
    expect(summary.topics[0]?.reasons).toEqual({ "bad-frame": 300 });
  });

  it("PNG, pixels of unknown form and images without a time", async () => {
    const png = new Uint8Array(await sharp(Buffer.from(JPEG)).png().toBuffer());
    for (const [kind, fields] of [
      ["CompressedImage", { format: "png", data: png }],
      ["RawImage", { encoding: "of my own", step: 128 }],
    ] as const) {
      const told = drive(kind, (at) => [
        { ...imageAt(at, kind), fields: { ...imageAt(at, kind).fields, ...fields } },
      ]);
      const { summary } = await filter(await recording(told), ["--zones", squareFile(), ...CAMERAS]);
      expect(summary.topics[0]?.reasons).toEqual({ "bad-frame": 300 });
    }
    const timeless = await recording(drive("CompressedImage", (at) => [{ ...imageAt(at), timeMs: null }]));
    const dropped = await filter(timeless, ["--zones", squareFile(), ...CAMERAS]);
    expect(dropped.summary.topics[0]?.reasons).toEqual({ "bad-frame": 300 });
    expect(dropped.stderr).toContain("--log-times");
    const taken = await filter(timeless, ["--zones", squareFile(), ...CAMERAS, "--log-times"]);
    expect(taken.summary.passed).toBeGreaterThan(180);
  });
});

describe("pixels deeper than 8 bits", () => {
  const deep = (fields: Record<string, unknown>) =>
    drive("RawImage", (at) => {
      const image = imageAt(at, "RawImage");
      return [{ ...image, fields: { ...image.fields, ...fields } }];
    });

  it.each([
    ["mono16", { step: 128 }],
    ["16UC1", { step: 192 }],
    ["32FC1", { width: 32, step: 128 }],
  ])(
    "%s: may pass as they are, and are left out where they would have to be blurred",
    async (encoding, fields) => {
      const data = Uint8Array.from({ length: 192 * 48 }, (_, i) => i % 241);
      const input = await recording(deep({ encoding, height: 48, ...fields, data }));
      const { bytes, summary } = await filter(input, ["--zones", squareFile({ action: "blur" }), ...CAMERAS]);
      expect(summary.passed).toBeGreaterThan(180);
      expect(summary.blurred).toBe(0);
      expect(summary.topics[0]?.reasons["redaction-failed"]).toBeGreaterThan(70);
      const kept = await images(bytes);
      expect(kept.filter((image) => isRestricted(captureMs(image)))).toEqual([]);
      // Not even a byte between the rows or after the last one goes on with them.
      const rowBytes = encoding === "32FC1" ? 32 * 4 : 64 * 2;
      const stride = fields.step;
      for (const image of kept.slice(0, 3)) {
        const is = decode(image, "RawImage", "protobuf").data;
        expect(is.length).toBeLessThanOrEqual(stride * 48);
        expect(is.every((byte, i) => byte === (i % stride < rowBytes ? i % 241 : 0))).toBe(true);
      }
    },
  );

  it("that are fewer than the message says are left out", async () => {
    const { summary } = await filter(
      await recording(deep({ encoding: "16UC1", step: 128, data: new Uint8Array(128 * 47) })),
      ["--zones", squareFile(), ...CAMERAS],
    );
    expect(summary.passed).toBe(0);
  });
});

describe("positions", () => {
  it("of unknown covariance are not exact: their error reaches into the zone", async () => {
    const near = (covariance: Record<string, unknown>) =>
      drive().map((told) => {
        if (told.kind !== "LocationFix" || told.timeMs === null) return told;
        // 85 m south of the square's middle: 10 m outside of the standoff.
        return { ...told, fields: { ...told.fields, ...covariance, latitude: 48 - 85 / 111_200 } };
      });
    const [zeros, unknown] = [
      { position_covariance: Array<number>(9).fill(0) },
      { position_covariance_type: 0 },
    ];
    const passed = async (covariance: Record<string, unknown>) => {
      const told = near(covariance);
      const { summary } = await filter(await recording(told), ["--zones", squareFile(), ...CAMERAS]);
      return summary.positions.removed;
    };
    expect(await passed({})).toBeLessThan(10);
    expect(await passed(unknown)).toBeGreaterThan(100);
    expect(await passed(zeros)).toBeGreaterThan(100);
  });

  it("that come later than the frames of their time are waited for", async () => {
    // Fixes are recorded 400 ms late in the file, though not in time.
    const told = drive().toSorted((a, b) => orderOf(a) - orderOf(b));
    const late = await filter(await recording(told), ["--zones", squareFile(), ...CAMERAS]);
    const punctual = await filter(await recording(drive()), ["--zones", squareFile(), ...CAMERAS]);
    expect(late.summary.passed).toBe(punctual.summary.passed);
    expect(late.summary.revokedTooLate).toBe(0);
  });

  it("that jump take back what was judged by those before", async () => {
    // Two fixes are a kilometre off; images are taken between fixes.
    const told = drive("CompressedImage", (at) => [imageAt(at + 50)]).map((each) => {
      const sinceMs = (each.timeMs ?? 0) - START_MS;
      if (each.kind !== "LocationFix" || sinceMs < 10_000 || sinceMs >= 10_200) return each;
      return { ...each, fields: { ...each.fields, latitude: 48.01 } };
    });
    const { bytes, summary } = await filter(await recording(told), ["--zones", squareFile(), ...CAMERAS]);
    const times = (await images(bytes)).map((image) => captureMs(image) - START_MS);
    // The frame of 9.95 s was judged before the jump; three fixes agree again at 10.4 s.
    expect(times.filter((time) => time > 9700 && time < 10_700)).toEqual([9750, 10_550]);
    expect(summary.revokedTooLate).toBe(0);
  });

  it("of two receivers that contradict each other close the gate; one of them may be named", async () => {
    const told = drive().flatMap((each) =>
      each.kind === "LocationFix" && each.timeMs !== null
        ? [each, positionAt(each.timeMs, "/base/fix", { latitude: 48.05, longitude: 11.05 })]
        : [each],
    );
    const input = await recording(told);
    expect((await filter(input, ["--zones", squareFile(), ...CAMERAS])).summary.passed).toBe(0);
    const named = await filter(input, ["--zones", squareFile(), ...CAMERAS, "--positions", "/gps/fix"]);
    expect(named.summary.passed).toBeGreaterThan(180);
  });
});

function orderOf({ kind, timeMs }: { readonly kind: Kind; readonly timeMs: number | null }): number {
  return (timeMs ?? 0) + (kind === "LocationFix" ? 400 : 0);
}
