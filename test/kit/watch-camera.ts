import { PassThrough } from "node:stream";
import { asyncScheduler } from "rxjs";
import { onTestFinished } from "vitest";
import { cameraFrames } from "../../src/sources/cameras/camera-feed.ts";
import { CameraSource } from "../../src/sources/cameras/camera-source.ts";
import type { FeedState, SupervisionOptions } from "../../src/sources/cameras/supervise.ts";
import type { FrameIn } from "../../src/sources/frame.ts";

/** Runs a camera until the test is over, and keeps all that it says. */
export function watchCamera(source: unknown, supervision: Partial<SupervisionOptions>) {
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
  onTestFinished(() => running.unsubscribe());
  return { states, frames };
}
