import type { Readable } from "node:stream";
import type { Observable, Observer, SchedulerLike } from "rxjs";
import { defer, from, map, switchMap } from "rxjs";
import type { CameraSource, FfmpegSource } from "./camera-source.ts";
import { createCaptureClock } from "./capture-clock.ts";
import { ffmpegArguments } from "./ffmpeg-arguments.ts";
import { ffmpegPictures } from "./run-ffmpeg.ts";
import { folderPictures } from "./folder-pictures.ts";
import type { FrameIn } from "../frame.ts";
import { openImageFolder } from "../image-folder.ts";
import { jpegFramer } from "./jpeg-framer.ts";
import { jpegSize } from "../jpeg-size.ts";
import type { PictureFramer } from "./picture-stream.ts";
import { rawFramer } from "./picture-stream.ts";
import { stdinPictures } from "./stdin-pictures.ts";
import type { FeedState, SupervisionOptions } from "./supervise.ts";
import { supervise, SUPERVISION } from "./supervise.ts";
import type { TimedPicture } from "./timed-pictures.ts";

export interface CameraFeedOptions {
  readonly camera: string;
  readonly source: CameraSource;
  /** Told of every change: a camera that died, stalled or is back. */
  readonly states: Pick<Observer<FeedState>, "next">;
  /** Where a source of kind `stdin` reads. */
  readonly stdin: Readable;
  /** @default "ffmpeg" */
  readonly ffmpeg?: string;
  readonly supervision?: Partial<SupervisionOptions>;
}

/**
 * The frames of one camera, for ever: a source that dies or stalls is started again with growing waits. Its frames are
 * numbered through. A picture that cannot be read, or whose time is unknown, becomes a broken frame, which is dropped.
 */
export function cameraFrames(options: CameraFeedOptions, scheduler: SchedulerLike): Observable<FrameIn> {
  const { source, camera, states } = options;
  const supervision = { ...SUPERVISION, ...stallOf(source), ...options.supervision };
  return defer(() => {
    let seq = 0;
    const start = (): Observable<FrameIn> => {
      const frameOf = frameMaker(camera, source, () => seq++);
      return picturesOf(options, scheduler).pipe(map(frameOf));
    };
    return supervise(start, supervision, states, scheduler);
  });
}

/** Ten pictures that did not come are a stall, but never less than 2 s. */
function stallOf({ fps }: CameraSource): { readonly stallMs: number } {
  return { stallMs: Math.max(SUPERVISION.stallMs, 10_000 / fps) };
}

function picturesOf(options: CameraFeedOptions, scheduler: SchedulerLike): Observable<TimedPicture> {
  const { source, stdin, ffmpeg = "ffmpeg" } = options;
  if (source.kind === "stdin") return stdinPictures(stdin, framerOf(source), scheduler);
  if (source.kind !== "folder") {
    const args = ffmpegArguments(source);
    return ffmpegPictures({ program: ffmpeg, args, framer: framerOf(source) }, scheduler);
  }
  const { path, fps } = source;
  return from(openImageFolder(path)).pipe(switchMap(({ files }) => folderPictures(files, fps, scheduler)));
}

function framerOf(source: FfmpegSource | Extract<CameraSource, { kind: "stdin" }>): PictureFramer {
  if (source.pictures !== "nv12") return jpegFramer();
  return rawFramer((source.widthPx * source.heightPx * 3) / 2);
}

/** One start of a source: its clock is known anew. */
function frameMaker(
  camera: string,
  source: CameraSource,
  nextSeq: () => number,
): (picture: TimedPicture) => FrameIn {
  const isCounted = source.kind === "stdin" || (source.kind === "ffmpeg" && source.clock === "arrival");
  const latencyMs = source.kind === "folder" ? 0 : source.latencyMs;
  const clock = createCaptureClock({ latencyMs, deviceTime: isCounted ? "count" : "clock" });
  let pictures = 0;
  return (picture) => {
    const { arrivalMs } = picture;
    const id = { camera, seq: nextSeq() };
    if (picture.kind === "broken") return { ...id, timeMs: arrivalMs - latencyMs, broken: picture.why };
    const deviceMs = isCounted ? (pictures++ * 1000) / source.fps : picture.deviceMs;
    // A folder's pictures are taken when we say so.
    const captured =
      source.kind === "folder"
        ? ({ known: true, timeMs: deviceMs } as const)
        : clock.capturedAt(deviceMs, arrivalMs);
    if (!captured.known) return { ...id, timeMs: arrivalMs - latencyMs, broken: captured.why };
    return { ...id, timeMs: captured.timeMs, ...described(picture.data, source) };
  };
}

function described(data: Uint8Array<ArrayBuffer>, source: CameraSource) {
  if (source.kind !== "folder" && source.pictures === "nv12") {
    const { widthPx: width, heightPx: height } = source;
    return { width, height, format: "nv12", data, keyframe: true } as const;
  }
  const size = jpegSize(data);
  if (size.kind === "broken") return { broken: size.reason };
  return { width: size.width, height: size.height, format: "jpeg", data, keyframe: true } as const;
}
