import { describe, expect, it } from "vitest";
import { ENCODINGS, START_MS, drive, filter, isRestricted, squareFile } from "../../kit/filter.ts";
import type { Encoding, Kind, ReadMessage } from "../../kit/recording.ts";
import { readBack, readStream, recording } from "../../kit/recording.ts";

const CAMERAS = ["--cameras", "front:0:100"];
const key = ({ topic, logTime }: { readonly topic: string; readonly logTime: bigint }) => `${topic} ${logTime}`;
const isSame = (a: ReadMessage, b: ReadMessage | undefined) =>
  b !== undefined &&
  Buffer.compare(a.data, b.data) === 0 &&
  [a.schema, a.sequence, a.publishTime].join() === [b.schema, b.sequence, b.publishTime].join();
const captureMs = (logTime: bigint) => Number(logTime / 1_000_000n) - 30;

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
      const images = messages.filter(({ topic }) => topic === "/cam/image");
      expect(images.filter(({ logTime }) => isRestricted(captureMs(logTime)))).toEqual([]);
      expect(images.length).toBe(summary.passed);
      // 60 s at 5 a second, 15 s of them at the zone, and what its margin and the first fixes take.
      expect(images.length).toBeGreaterThan(180);
      expect(summary.frames).toBe(300);
      expect(summary.frames).toBe(summary.passed + summary.blurred + summary.dropped);
      expect(messages.filter((message) => !isSame(message, before.get(key(message))))).toEqual([]);
      expect(messages.filter(({ topic }) => topic === "/notes").length).toBe(60);
    },
  );
});

it("starts with a drop", async () => {
  const input = await recording(drive());
  const { bytes } = await filter(input, ["--zones", squareFile(), ...CAMERAS]);
  const images = (await readBack(bytes)).messages.filter(({ topic }) => topic === "/cam/image");
  // The third fix that agrees comes at 200 ms.
  expect(captureMs(images[0]?.logTime ?? 0n)).toBeGreaterThanOrEqual(START_MS + 200);
});
