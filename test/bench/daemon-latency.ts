import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createReadStream, readFileSync, readdirSync } from "node:fs";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { openAge } from "../../src/buffer/age/open-age.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";
import { jpegSize } from "../../src/sources/jpeg-size.ts";
import { channelKind } from "../../src/sources/mcap/channel-kind.ts";
import { recordedMessages } from "../../src/sources/mcap/read-recording.ts";
import type { Taken } from "./clocked-camera.ts";
import { median } from "./rounds.ts";

export interface ClockedCameras {
  readonly child: ChildProcess;
  readonly ports: readonly number[];
  readonly files: readonly string[];
  readonly taken: () => Promise<Taken>;
}

export async function startCameras(
  files: readonly string[],
  cameras: number,
  fps: number,
): Promise<ClockedCameras> {
  const root = resolve(import.meta.dirname, "../..");
  const child = fork(join(root, "test/bench/clocked-camera.ts"), [String(cameras), String(fps), ...files], {
    execArgv: ["--import", "tsx"],
    cwd: root,
  });
  const [ports] = (await once(child, "message")) as [readonly number[]];
  return {
    child,
    ports,
    files,
    async taken() {
      child.send("taken");
      const [taken] = (await once(child, "message")) as [Taken];
      return taken;
    },
  };
}

export interface CaptureError {
  readonly frames: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

/**
 * By how much later than its truth a passed frame is dated: what the promptest picture took from its capture to its
 * arrival, for the daemon knows only that it arrives, and takes the promptest to have taken `latencyMs`, here 0. Which
 * picture it was is told by its size.
 */
export async function captureErrors(
  segments: string,
  identity: string,
  { taken }: Taken,
  files: readonly string[],
): Promise<CaptureError> {
  const pictureOf = new Map(
    await Promise.all(files.map(async (file, i) => [await sizeOf(file), i] as const)),
  );
  const errorsMs: number[] = [];
  const [name] = readdirSync(segments)
    .filter((each) => each.endsWith(".age"))
    .toSorted()
    .slice(-2);
  const plain = openAge(createReadStream(join(segments, name ?? "")) as AsyncIterable<Uint8Array>, identity);
  for await (const messages of recordedMessages(plain)) {
    for (const { channel, data, logMs } of messages) {
      const [, camera] = /^\/camera\/cam(\d+)$/.exec(channel.topic) ?? [];
      const kind = channelKind(channel);
      if (camera === undefined || kind.kind !== "image") continue;
      const { picture } = kind.read(data);
      const index = "data" in picture ? pictureOf.get(picture.data.length) : undefined;
      const late = (taken[Number(camera)] ?? []).filter(([, i]) => i === index).map(([ms]) => logMs - ms);
      if (late.length > 0) errorsMs.push(late.reduce((a, b) => (Math.abs(a) < Math.abs(b) ? a : b)));
    }
    if (errorsMs.length > 2000) break;
  }
  return { frames: errorsMs.length, medianMs: median(errorsMs), maxMs: Math.max(...errorsMs) };
}

async function sizeOf(file: string): Promise<number> {
  const data = new Uint8Array(readFileSync(file));
  const size = jpegSize(data);
  if (size.kind === "broken") throw new Error(size.reason);
  const { width, height } = size;
  const frame = {
    camera: "",
    timeMs: 0,
    seq: 0,
    width,
    height,
    format: "jpeg",
    data,
    keyframe: true,
  } as const;
  const released = await createRedactor().release(frame);
  if (!released.ok) throw new Error(released.detail);
  return released.frame.data.length;
}

/** A share of a histogram's samples lies within so much, on a straight line within a bucket. */
export function quantileMs(
  share: number,
  buckets: readonly (readonly [le: number, count: number])[],
): number {
  const wanted = share * (buckets.at(-1)?.[1] ?? 0);
  let [fromS, below] = [0, 0];
  for (const [le, count] of buckets) {
    if (count >= wanted)
      return 1000 * (fromS + ((le - fromS) * (wanted - below)) / Math.max(1, count - below));
    [fromS, below] = [le, count];
  }
  return Infinity;
}
