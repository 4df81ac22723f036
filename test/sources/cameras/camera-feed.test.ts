import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { asyncScheduler, bufferCount, filter, firstValueFrom, take, toArray } from "rxjs";
import { afterEach, describe, expect, it } from "vitest";
import { cameraFrames } from "../../../src/sources/cameras/camera-feed.ts";
import { CameraSource } from "../../../src/sources/cameras/camera-source.ts";
import { isBroken } from "../../../src/sources/frame.ts";
import type { Frame } from "../../../src/sources/frame.ts";
import { jpegSize } from "../../../src/sources/jpeg-size.ts";
import { SUPERVISION } from "../../../src/sources/cameras/supervise.ts";
import { paced } from "../../kit/daemon/paced.ts";
import { childrenOf } from "../../kit/daemon/process-table.ts";
import { hasFfmpeg } from "../../kit/daemon/tools.ts";
import { tempDir } from "../../kit/cli.ts";
import { watchCamera } from "../../kit/watch-camera.ts";
import type { Watched } from "../../kit/watch-camera.ts";

const IMAGES = "simulator/drives/mountain-view/front";
const size = { widthPx: 320, heightPx: 180 };

const watched: Watched[] = [];

/** A busy machine is no stall; tests of stalls say how long one is. */
const PATIENT = { ...SUPERVISION, startMs: 30_000, stallMs: 30_000 };

function watch(
  source: unknown,
  { supervision, ...more }: NonNullable<Parameters<typeof watchCamera>[1]> = {},
) {
  const one = watchCamera(source, { supervision: { ...PATIENT, ...supervision }, ...more });
  watched.push(one);
  return one;
}

async function until(what: () => boolean, withinMs = 30_000): Promise<void> {
  const endMs = Date.now() + withinMs;
  while (!what()) {
    if (Date.now() > endMs) throw new Error("it did not happen in time");
    await new Promise((done) => setTimeout(done, 10));
  }
}

const good = ({ frames }: Watched): Frame[] => frames.filter((frame): frame is Frame => !isBroken(frame));

afterEach(async () => {
  for (const { running } of watched.splice(0)) running.unsubscribe();
  await until(() => childrenOf(process.pid).every((pid) => nameOf(pid) !== "ffmpeg"));
});

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}

const ffmpegs = (): number[] => childrenOf(process.pid).filter((pid) => nameOf(pid) === "ffmpeg");

describe.skipIf(!hasFfmpeg)("ffmpeg as a camera", () => {
  it("gives whole pictures with times that follow the clock, and numbers them through", async () => {
    const camera = watch({ kind: "test", ...size, fps: 20 });
    await until(() => good(camera).length >= 30);
    const frames = good(camera).slice(0, 30);
    for (const frame of frames) {
      expect(frame).toMatchObject({
        camera: "front",
        width: 320,
        height: 180,
        format: "jpeg",
        keyframe: true,
      });
      expect(jpegSize(frame.data)).toEqual({ kind: "size", width: 320, height: 180 });
    }
    expect(camera.frames.map(({ seq }) => seq)).toEqual(camera.frames.map((_, i) => i));
    // The device's own spacing, however late each of them came.
    const stepsMs = frames.slice(1).map(({ timeMs }, i) => timeMs - (frames[i]?.timeMs ?? 0));
    expect(Math.abs(stepsMs.toSorted((a, b) => a - b)[14] ?? 0) - 50).toBeLessThanOrEqual(1);
    expect(camera.states.map(({ kind }) => kind)).toEqual(["starting", "running"]);
  });

  it("gives raw NV12 of the stated size", async () => {
    const camera = watch({ kind: "test", pictures: "nv12", ...size, fps: 20 });
    await until(() => good(camera).length >= 5);
    for (const { format, data } of good(camera)) {
      expect([format, data.length]).toEqual(["nv12", (320 * 180 * 3) / 2]);
    }
    // A test picture is no even grey: planes are where they should be.
    const [first] = good(camera);
    expect(new Set(first?.data).size).toBeGreaterThan(50);
  });

  it("hands a camera's own JPEGs on untouched", async () => {
    const dir = tempDir();
    const files = readdirSync(IMAGES).filter((name) => name.endsWith(".jpg"));
    files.forEach((name, i) => writeFileSync(join(dir, `${i}.jpg`), readFileSync(join(IMAGES, name))));
    const video = join(dir, "drive.mkv");
    const input = ["-f", "image2", "-framerate", "20", "-i", join(dir, "%d.jpg")];
    execFileSync("ffmpeg", ["-v", "error", ...input, "-c", "copy", video]);
    const camera = watch({ kind: "file", path: video, pictures: "jpeg", ...size, fps: 20 });
    await until(() => good(camera).length >= 2 * files.length);
    const originals = new Set(files.map((name) => readFileSync(join(IMAGES, name)).toString("base64")));
    for (const { data } of good(camera))
      expect(originals.has(Buffer.from(data).toString("base64"))).toBe(true);
  });

  it("a killed one starts again, and its frames are numbered on", async () => {
    const camera = watch({ kind: "test", ...size, fps: 20 }, { supervision: { minRetryMs: 50 } });
    await until(() => camera.frames.length >= 3);
    for (const pid of ffmpegs()) process.kill(pid, "SIGKILL");
    const before = camera.frames.length;
    await until(() => camera.frames.length > before + 3);
    expect(camera.states.map(({ kind }) => kind)).toEqual([
      "starting",
      "running",
      "down",
      "starting",
      "running",
    ]);
    expect(camera.states[2]).toMatchObject({
      why: expect.stringMatching(/ended by SIGKILL/) as string,
      retryMs: 50,
    });
    expect(camera.frames.map(({ seq }) => seq)).toEqual(camera.frames.map((_, i) => i));
  });

  it("a frozen one is a stall: it is killed and another started", async () => {
    const supervision = { stallMs: 400, minRetryMs: 50 };
    const camera = watch({ kind: "test", ...size, fps: 20 }, { supervision });
    await until(() => camera.frames.length >= 3);
    const [frozen = 0] = ffmpegs();
    process.kill(frozen, "SIGSTOP");
    await until(() => camera.states.filter(({ kind }) => kind === "running").length === 2);
    expect(camera.states[2]).toMatchObject({ kind: "down", why: "it stalled: nothing comes from it" });
    await until(() => !ffmpegs().includes(frozen));
  });

  it("frozen for less than a stall, what it then sends in a burst is dated when it was taken", async () => {
    const camera = watch({ kind: "test", ...size, fps: 20 });
    await until(() => good(camera).length >= 5);
    const [pid = 0] = ffmpegs();
    process.kill(pid, "SIGSTOP");
    await new Promise((done) => setTimeout(done, 1500));
    const atMs = Date.now();
    process.kill(pid, "SIGCONT");
    const before = camera.frames.length;
    await until(() => camera.frames.length > before + 40);
    const burst = camera.frames.slice(before, before + 20);
    // Of the pictures of the frozen time, none says that it was taken after it.
    const wrong = burst.filter((frame) => !isBroken(frame) && frame.timeMs > atMs + 1000);
    expect(wrong).toEqual([]);
  });

  it("what cannot be opened says why, without passwords, and is tried again", async () => {
    const url = "rtsp://admin:secret@127.0.0.1:9/stream";
    const camera = watch({ kind: "rtsp", url, ...size }, { supervision: { minRetryMs: 50 } });
    await until(() => camera.states.filter(({ kind }) => kind === "down").length >= 2);
    const [, down] = camera.states;
    expect(down).toMatchObject({
      kind: "down",
      why: expect.stringMatching(/ffmpeg ended with 1: .*refused/) as string,
    });
    expect(JSON.stringify(camera.states)).not.toContain("secret");
  });

  it("ffmpeg sees none of our environment", async () => {
    const dir = tempDir();
    const program = join(dir, "ffmpeg");
    writeFileSync(program, `#!/bin/sh\n/usr/bin/env > ${dir}/seen\nexit 7\n`, { mode: 0o755 });
    process.env["CAMFENCE_DEVICE_KEY"] = "very secret";
    const camera = watch({ kind: "test", ...size, fps: 20 }, { ffmpeg: program });
    await until(() => camera.states.some(({ kind }) => kind === "down"));
    delete process.env["CAMFENCE_DEVICE_KEY"];
    expect(readFileSync(join(dir, "seen"), "utf8")).not.toContain("secret");
  });

  it("garbage instead of pictures gives broken frames in bounded number, and good ones afterwards", async () => {
    const jpeg = readFileSync(join(IMAGES, "solidWhiteRight.jpg"));
    let turn = 0;
    const server = createServer((socket) => {
      socket.on("error", () => {});
      const stop = paced(40, () => {
        turn++;
        if (turn > 10 && turn < 20) socket.write(Buffer.alloc(50_000, turn));
        else socket.write(Buffer.concat([part(jpeg), jpeg, Buffer.from("\r\n")]));
      });
      socket.on("close", stop);
    });
    const part = ({ length }: Buffer): Buffer =>
      Buffer.from(`--ffmpeg\r\nContent-Type: image/jpeg\r\nContent-Length: ${length}\r\n\r\n`);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const input = ["-f", "mpjpeg", "-i", `tcp://127.0.0.1:${port}`];
    const source = {
      kind: "ffmpeg",
      input,
      clock: "arrival",
      pictures: "jpeg",
      ...size,
      fps: 25,
      latencyMs: 0,
    };
    const camera = watch(source, { supervision: { minRetryMs: 50 } });
    await until(() => camera.frames.length > 40 && good(camera).length > 0);
    expect(camera.frames.length).toBeLessThan(500);
    for (const { data } of good(camera)) expect(Buffer.from(data).equals(jpeg)).toBe(true);
    server.close();
  });
});

it("pictures on standard input are dated by their arrival, once their pace is known", async () => {
  const stdin = new PassThrough();
  const jpeg = readFileSync(join(IMAGES, "solidWhiteRight.jpg"));
  const camera = watch({ kind: "stdin", ...size, fps: 25, latencyMs: 20 }, { stdin });
  const stop = paced(40, () => stdin.write(jpeg));
  await until(() => good(camera).length > 3);
  stop();
  stdin.write(Buffer.from("nothing that anyone could see"));
  stdin.write(jpeg);
  await until(() => camera.frames.some((frame) => isBroken(frame) && /it is no JPEG/.test(frame.broken)));
  const [first] = good(camera);
  expect(first?.width).toBe(960);
  stdin.end();
  await until(() => camera.states.some((state) => state.kind === "down" && state.why === "it ended"));
});

it("a folder's images come in turn, one every 1 / fps", async () => {
  const names = readdirSync(IMAGES).filter((name) => name.endsWith(".jpg"));
  const source = CameraSource.parse({ kind: "folder", path: IMAGES, fps: 20 });
  const feed = cameraFrames(
    { camera: "front", source, states: { next: () => {} }, stdin: new PassThrough() },
    asyncScheduler,
  );
  const [frames = []] = await firstValueFrom(
    feed.pipe(
      filter((frame): frame is Frame => !isBroken(frame)),
      bufferCount(4 * names.length),
      take(1),
      toArray(),
    ),
  );
  const contents = frames.map(({ data }) => createHash("sha1").update(data).digest("hex"));
  expect(new Set(contents).size).toBe(names.length);
});
