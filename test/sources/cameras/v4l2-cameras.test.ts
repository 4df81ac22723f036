import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { CameraSource } from "../../../src/sources/cameras/camera-source.ts";
import type { FfmpegSource } from "../../../src/sources/cameras/camera-source.ts";
import { ffmpegArguments } from "../../../src/sources/cameras/ffmpeg-arguments.ts";
import { hasFfmpeg } from "../../kit/daemon/tools.ts";
import { watchCamera as watch } from "../../kit/watch-camera.ts";

const size = { widthPx: 320, heightPx: 184 };
const V4L2 = { kind: "v4l2", device: "/dev/video99", ...size, fps: 30 };

/** The options before `-i`, as name and value. */
function inputOptions(source: unknown): readonly (readonly [string, string])[] {
  const args = ffmpegArguments(CameraSource.parse(source) as FfmpegSource);
  const before = args.slice(args.indexOf("-f"), args.indexOf("-i"));
  return before.flatMap((name, i) => (i % 2 === 0 ? [[name, before[i + 1] ?? ""] as const] : []));
}

describe("a V4L2 camera", () => {
  it.each([
    ["jpeg", [["-input_format", "mjpeg"]]],
    ["encoded-jpeg", []],
    ["nv12", []],
  ])("for %s is asked for %j, with the driver's own time of each picture", (pictures, asked) => {
    expect(inputOptions({ ...V4L2, pictures })).toEqual([
      ["-f", "v4l2"],
      ["-timestamps", "abs"],
      ...asked,
      ["-video_size", "320x184"],
      ["-framerate", "30"],
      ["-fflags", "nobuffer"],
    ]);
  });

  it.skipIf(!hasFfmpeg)("is asked for with options that ffmpeg has for it", () => {
    const help = execFileSync("ffmpeg", ["-v", "error", "-h", "demuxer=v4l2"], { encoding: "utf8" });
    const known = new Set([...help.matchAll(/^ {2}-(\w+) /gm)].map(([, name]) => name));
    const asked = inputOptions(V4L2).map(([name]) => name.slice(1));
    expect(asked.filter((name) => !known.has(name) && name !== "f" && name !== "fflags")).toEqual([]);
    expect(/^ {5}abs /m.test(help)).toBe(true);
  });

  it.skipIf(!hasFfmpeg)("that is not there says so, and is asked for again after growing waits", async () => {
    const { states, frames } = watch(V4L2, { supervision: { minRetryMs: 40 } });
    await expect
      .poll(() => states.filter(({ kind }) => kind === "down").length, { timeout: 30_000 })
      .toBeGreaterThan(2);
    const down = states.filter((state) => state.kind === "down");
    expect(down[0]?.why).toMatch(/\/dev\/video99: No such file or directory/);
    expect(down.slice(0, 3).map(({ retryMs }) => retryMs)).toEqual([40, 80, 160]);
    expect(frames).toEqual([]);
  });
});
