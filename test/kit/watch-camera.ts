import { PassThrough } from "node:stream";
import type { Subscription } from "rxjs";
import { asyncScheduler } from "rxjs";
import { onTestFinished } from "vitest";
import { cameraFrames } from "../../src/sources/cameras/camera-feed.ts";
import type { CameraFeedOptions } from "../../src/sources/cameras/camera-feed.ts";
import { CameraSource } from "../../src/sources/cameras/camera-source.ts";
import type { FeedState } from "../../src/sources/cameras/supervise.ts";
import type { FrameIn } from "../../src/sources/frame.ts";

export interface Watched {
  readonly frames: FrameIn[];
  readonly states: FeedState[];
  readonly running: Subscription;
}

/** Runs a camera until the test is over, and keeps all that it says. */
export function watchCamera(
  source: unknown,
  more: Partial<Pick<CameraFeedOptions, "supervision" | "stdin" | "ffmpeg">> = {},
): Watched {
  const states: FeedState[] = [];
  const frames: FrameIn[] = [];
  const options = {
    camera: "front",
    source: CameraSource.parse(source),
    states: { next: (state: FeedState) => states.push(state) },
    stdin: new PassThrough(),
    ...more,
  };
  const running = cameraFrames(options, asyncScheduler).subscribe((frame) => frames.push(frame));
  onTestFinished(() => running.unsubscribe());
  return { frames, states, running };
}
