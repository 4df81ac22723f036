import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { isKeyframe, isSkippedLeading } from "../../src/redaction/coded/keyframe.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";
import type { RedactionPolicy } from "../../src/redaction/policy.ts";
import { find, frameOf, joinBytes, released } from "./frames.ts";
import type { Bytes } from "./frames.ts";

const SIZE = { width: 64, height: 48 };
const CANARY = new TextEncoder().encode("CANARY-IN-AN-SEI");

/** NAL units of H.264: one header byte, then anything. */
const h264 = (type: number, payload: readonly number[] | Uint8Array = [0x88, 0x84]): Bytes =>
  joinBytes([0, 0, 0, 1, 0x60 | type], payload);
const h265 = (type: number, payload: readonly number[] | Uint8Array = [0x88, 0x84]): Bytes =>
  joinBytes([0, 0, 1, type << 1, 1], payload);
const sei = (...messages: readonly (readonly [type: number, payload: Uint8Array])[]): Bytes =>
  joinBytes(...messages.flatMap(([type, payload]) => [[type, payload.length], payload]), [0x80]);

const USER_DATA = sei([5, CANARY]);
const TIMING = sei([1, Uint8Array.of(9, 9)]);

async function release(
  format: "h264" | "h265",
  data: Bytes,
  policy: Partial<RedactionPolicy> = {},
): Promise<Bytes> {
  return (await released(createRedactor(policy).release(frameOf(format, SIZE, data)))).frame.data;
}

describe("a passed access unit", () => {
  test("keeps delimiter, parameter sets, timing and slices byte for byte, uncopied", async () => {
    const h264Unit = joinBytes(h264(9), h264(7), h264(8), h264(6, TIMING), h264(5), h264(5));
    expect(await release("h264", h264Unit)).toBe(h264Unit);
    const h265Unit = joinBytes(h265(35), h265(32), h265(33), h265(34), h265(39, TIMING), h265(19));
    expect(await release("h265", h265Unit)).toBe(h265Unit);
  });

  test.each([
    ["user data", sei([5, CANARY])],
    ["registered user data, such as captions", sei([4, CANARY])],
    ["user data behind timing", sei([1, Uint8Array.of(9)], [5, CANARY])],
    ["a message that no list has", sei([77, CANARY])],
    ["a message longer than its NAL unit", joinBytes([1, 200], CANARY, [0x80])],
    ["bytes behind its messages", joinBytes(TIMING, CANARY)],
  ])("loses SEI with %s", async (_, payload) => {
    const slim = joinBytes(h264(7), h264(8), h264(5));
    const cleaned = await release("h264", joinBytes(h264(7), h264(6, payload), h264(8), h264(5)));
    expect(cleaned).toEqual(slim);
    const cleaned265 = await release("h265", joinBytes(h265(39, payload), h265(1), h265(40, payload)));
    expect(find(cleaned265, CANARY)).toBe(-1);
    expect(cleaned265).toEqual(joinBytes([0], h265(1)));
  });

  test.each([
    ["filler", 12],
    ["an auxiliary picture", 19],
    ["another view", 20],
    ["a type that no standard has", 30],
  ])("loses %s", async (_, type) => {
    expect(find(await release("h264", joinBytes(h264(5), h264(type, CANARY))), CANARY)).toBe(-1);
  });

  test("loses other layers of H.265", async () => {
    const layered = joinBytes(h265(19), joinBytes([0, 0, 1, 19 << 1, 1 | (1 << 3)], CANARY));
    expect(find(await release("h265", layered), CANARY)).toBe(-1);
  });

  test("keeps user data when the policy says so", async () => {
    const unit = joinBytes(h264(6, USER_DATA), h264(5));
    expect(await release("h264", unit, { keepMetadata: true })).toBe(unit);
  });

  test("reads SEI through emulation prevention", async () => {
    const escaped = joinBytes([5, 4, 0, 0, 3, 0, 0, 3, 0x80]);
    const timing = joinBytes([1, 3, 0, 0, 3, 1, 0x80]);
    expect(await release("h264", joinBytes(h264(6, timing), h264(5)))).toContain(6 | 0x60);
    expect(await release("h264", joinBytes(h264(6, escaped), h264(5)))).toEqual(h264(5));
  });

  test.each([
    ["nothing", []],
    ["bytes before the first start code", [1, 2, 3, 0, 0, 1, 0x65, 1]],
    ["no start code", [0x65, 1, 2, 3]],
    ["a forbidden bit", [0, 0, 1, 0xe5, 1]],
    ["an empty NAL unit", [0, 0, 1, 0, 0, 1, 0x65]],
    ["thousands of NAL units", Array.from({ length: 3000 }, () => [0, 0, 1, 0x61]).flat()],
    ["neither slices nor parameter sets", [0, 0, 1, 6, 5, 1, 1, 0x80]],
  ])("with %s is refused", (_, bytes) => {
    const frame = frameOf("h264", SIZE, Uint8Array.from(bytes));
    expect(createRedactor().release(frame)).toMatchObject({ ok: false, reason: "bad-frame" });
  });
});

const of = (format: "h264" | "h265", data: Bytes): boolean | "unknown" =>
  isKeyframe(frameOf(format, SIZE, data, { keyframe: true }));

describe("a keyframe is known by its slices, not by its flag", () => {
  test.each([
    ["IDR", joinBytes(h264(7), h264(8), h264(5), h264(5)), true],
    ["a plain slice", h264(1), false],
    ["IDR and a plain slice", joinBytes(h264(5), h264(1)), false],
    ["data partitions", joinBytes(h264(2), h264(3), h264(4)), false],
    ["parameter sets alone", joinBytes(h264(7), h264(8)), "unknown"],
    ["nothing that can be read", Uint8Array.of(1, 2, 3), "unknown"],
  ])("H.264: %s", (_, data, expected) => {
    expect(of("h264", Uint8Array.from(data))).toBe(expected);
  });

  test.each([
    [1, false],
    [8, false],
    [15, false],
    [16, true],
    [19, true],
    [20, true],
    [21, true],
    [22, false],
    [23, false],
  ])("H.265: type %i", (type, expected) => {
    expect(of("h265", joinBytes(h265(33), h265(type)))).toBe(expected);
  });

  test("JPEG and raw frames always are", () => {
    expect(isKeyframe(frameOf("jpeg", SIZE, new Uint8Array(0), { keyframe: false }))).toBe(true);
  });

  test("leading pictures of H.265 that need what came before the keyframe are told apart", () => {
    expect([6, 7, 8, 9, 21].map((type) => isSkippedLeading(frameOf("h265", SIZE, h265(type))))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });
});

describe("blur of coded video", () => {
  test.each(["h264", "h265"] as const)(
    "is a drop for %s: no pixel can be changed without an encoder",
    (format) => {
      const frame = frameOf(format, SIZE, format === "h264" ? h264(5) : h265(19));
      expect(createRedactor().blur(frame)).toMatchObject({ ok: false, reason: "redaction-failed" });
    },
  );

  test("is a grey key picture of no information where the policy says so", async () => {
    const original = joinBytes(h264(6, USER_DATA), h264(1, CANARY));
    const frame = frameOf("h264", SIZE, original, { keyframe: false });
    const grey = await released(createRedactor({ codedVideo: "grey" }).blur(frame));
    expect(grey.informationBits).toBe(0);
    expect(isKeyframe(grey.frame)).toBe(true);
    expect(find(grey.frame.data, CANARY)).toBe(-1);
    expect(createRedactor({ codedVideo: "grey" }).blur(frameOf("h265", SIZE, h265(1)))).toMatchObject({
      ok: false,
    });
  });

  test.skipIf(!hasFfmpeg())("grey pictures decode to the frame's size, all 128 (ffmpeg)", async () => {
    for (const [width, height] of [
      [64, 48],
      [16, 16],
      [1920, 1080],
      [2, 2],
      [130, 98],
    ] as const) {
      const redactor = createRedactor({ codedVideo: "grey" });
      const { frame } = await released(redactor.blur(frameOf("h264", { width, height }, h264(5))));
      const args = [
        "-v",
        "error",
        "-xerror",
        "-f",
        "h264",
        "-i",
        "-",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "yuv420p",
        "-",
      ];
      const pixels = execFileSync("ffmpeg", args, { input: frame.data, maxBuffer: 1e8 });
      expect(pixels.length).toBe((width * height * 3) / 2);
      expect(pixels.every((byte) => byte === 128)).toBe(true);
    }
  });
});

function hasFfmpeg(): boolean {
  try {
    execFileSync("ffmpeg", ["-version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
