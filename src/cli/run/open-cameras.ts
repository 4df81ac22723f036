import type { Readable } from "node:stream";
import type { SchedulerLike } from "rxjs";
import { tap } from "rxjs";
import type { DaemonConfig } from "../../config.ts";
import type { GuardOptions } from "../../guard.ts";
import { cameraFrames } from "../../sources/cameras/camera-feed.ts";
import type { FeedState } from "../../sources/cameras/supervise.ts";
import type { Log } from "./log.ts";
import type { VehicleStateKeeper } from "./vehicle-state.ts";

export interface CameraWitnesses {
  readonly state: VehicleStateKeeper;
  readonly log: Log;
  readonly scheduler: SchedulerLike;
}

/** The cameras of a configuration as the guard takes them; subscribing starts them. */
export function openCameras(
  { cameras, ffmpeg }: DaemonConfig,
  stdin: Readable,
  { state, log, scheduler }: CameraWitnesses,
): GuardOptions["cameras"] {
  return cameras.map(({ source, ...mount }) => {
    const { id: camera } = mount;
    const next = (feed: FeedState): void => {
      state.feed(camera, feed);
      if (feed.kind === "down") log.warn("camera down", { camera, why: feed.why, retryMs: feed.retryMs });
      else log.info(`camera ${feed.kind}`, { camera });
    };
    const frames = cameraFrames({ camera, source, stdin, ffmpeg, states: { next } }, scheduler);
    return { ...mount, frames: frames.pipe(tap(({ seq }) => state.frameIn(camera, seq))) };
  });
}
