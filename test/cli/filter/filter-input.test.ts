import sharp from "sharp";
import { describe, expect, it } from "vitest";
import {
  CAMERAS,
  captureMs,
  messagesOf,
  imagesIn,
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
import type { Kind } from "../../kit/recording.ts";
import { decode, readBack, recording } from "../../kit/recording.ts";

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
    expect(messagesOf(topic, (await readBack(bytes)).messages)).toEqual([]);
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
      expect(messagesOf(topic, (await readBack(bytes)).messages).length).toBe(1);
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
      const kept = await imagesIn(bytes);
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
    const times = (await imagesIn(bytes)).map((image) => captureMs(image) - START_MS);
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
