import { execFileSync, spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { asyncScheduler } from "rxjs";
import { afterAll, describe, expect, it } from "vitest";
import { cameraFrames } from "../../../src/sources/cameras/camera-feed.ts";
import { CameraSource } from "../../../src/sources/cameras/camera-source.ts";
import type { FfmpegSource } from "../../../src/sources/cameras/camera-source.ts";
import { ffmpegArguments } from "../../../src/sources/cameras/ffmpeg-arguments.ts";
import type { FeedState, SupervisionOptions } from "../../../src/sources/cameras/supervise.ts";
import { isBroken } from "../../../src/sources/frame.ts";
import type { FrameIn } from "../../../src/sources/frame.ts";
import { hasFfmpeg } from "../../kit/daemon/tools.ts";

const size = { widthPx: 320, heightPx: 184 };
const V4L2 = { kind: "v4l2", device: "/dev/video99", ...size, fps: 30 };
const endings: (() => void)[] = [];
afterAll(() => endings.forEach((end) => end()));

function watch(source: unknown, supervision: Partial<SupervisionOptions>) {
  const states: FeedState[] = [];
  const frames: FrameIn[] = [];
  const options = {
    camera: "front",
    source: CameraSource.parse(source),
    states: { next: (state: FeedState) => states.push(state) },
    supervision,
    stdin: new PassThrough(),
  };
  const running = cameraFrames(options, asyncScheduler).subscribe((frame) => frames.push(frame));
  endings.push(() => running.unsubscribe());
  return { states, frames };
}

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
    const { states, frames } = watch(V4L2, { minRetryMs: 40 });
    await expect
      .poll(() => states.filter(({ kind }) => kind === "down").length, { timeout: 30_000 })
      .toBeGreaterThan(2);
    const down = states.filter((state) => state.kind === "down");
    expect(down[0]?.why).toMatch(/\/dev\/video99: No such file or directory/);
    expect(down.slice(0, 3).map(({ retryMs }) => retryMs)).toEqual([40, 80, 160]);
    expect(frames).toEqual([]);
  });
});

const hasRtspServer = spawnSync("rtsp-server-perl", ["--help"], { stdio: "ignore" }).error === undefined;
if (!hasRtspServer)
  process.stderr.write("tests: rtsp-server-perl is absent, tests that need it are skipped\n");

describe.skipIf(!hasFfmpeg || !hasRtspServer)("a network camera (RTSP, by a server of another make)", () => {
  it.each(["nv12", "jpeg"] as const)(
    "gives %s, and is there again after its server was killed and started again",
    async (pictures) => {
      const ports = [await freePort(), await freePort()] as const;
      let camera = await startCamera(ports);
      const source = { kind: "rtsp", url: `rtsp://127.0.0.1:${ports[0]}/cam`, transport: "udp", ...size };
      const { states, frames } = watch(
        { ...source, pictures },
        { stallMs: 1500, minRetryMs: 200, maxRetryMs: 500 },
      );
      const good = () => frames.filter((frame) => !isBroken(frame));
      await expect.poll(() => good().length, { timeout: 30_000 }).toBeGreaterThan(10);
      expect(good()[0]).toMatchObject({
        width: 320,
        height: 184,
        format: pictures === "nv12" ? "nv12" : "jpeg",
      });
      camera.end();
      await expect.poll(() => states.at(-1)?.kind, { timeout: 30_000 }).toBe("down");
      const before = good().length;
      camera = await startCamera(ports);
      await expect.poll(() => good().length, { timeout: 60_000 }).toBeGreaterThan(before + 10);
      const times = good().map(({ timeMs }) => timeMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      camera.end();
    },
    120_000,
  );
});

/** The server, and a camera that sends it its pictures. */
async function startCamera([viewers, sources]: readonly [number, number]): Promise<{
  readonly end: () => void;
}> {
  const own = ["--client_listen_address", "127.0.0.1", "--source_listen_address", "127.0.0.1"];
  const ports = ["--clientport", String(viewers), "--serverport", String(sources)];
  const processes: ChildProcess[] = [];
  const end = (): void => processes.forEach((each) => each.kill("SIGKILL"));
  endings.push(end);
  const rtp = ["--rtp_start_port", String(20_000 + 2 * (sources % 5000))];
  processes.push(spawn("rtsp-server-perl", [...own, ...ports, ...rtp], { stdio: "ignore" }));
  const picture = ["-re", "-f", "lavfi", "-i", "testsrc2=size=320x184:rate=20"];
  const coded = ["-c:v", "mjpeg", "-q:v", "3", "-huffman", "default", "-pix_fmt", "yuvj420p"];
  const sink = ["-f", "rtsp", `rtsp://127.0.0.1:${sources}/cam`];
  await expect.poll(() => canConnect(sources), { timeout: 20_000 }).toBe(true);
  processes.push(
    spawn("ffmpeg", ["-nostdin", "-v", "quiet", ...picture, ...coded, ...sink], { stdio: "ignore" }),
  );
  return { end };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function canConnect(port: number): Promise<boolean> {
  const { connect } = await import("node:net");
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
