import type { Readable } from "node:stream";
import type { SchedulerLike } from "rxjs";
import { ReplaySubject, concat, ignoreElements, of, takeUntil, tap, timer } from "rxjs";
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

/**
 * An ffmpeg takes 80 ms of a processor to start: eight that start at once are all late, the first as well. Each starts when
 * the one before it has given a picture, or after so long for each before it.
 */
const APART_MS = 250;

/** The cameras of a configuration as the guard takes them; subscribing starts them, one after the other. */
export function openCameras(
  { cameras, ffmpeg }: DaemonConfig,
  stdin: Readable,
  { state, log, scheduler }: CameraWitnesses,
): GuardOptions["cameras"] {
  const begun = cameras.map(() => new ReplaySubject<void>(1));
  return cameras.map(({ source, ...mount }, i) => {
    const { id: camera } = mount;
    const next = (feed: FeedState): void => {
      state.feed(camera, feed);
      if (feed.kind === "down") log.warn("camera down", { camera, why: feed.why, retryMs: feed.retryMs });
      else log.info(`camera ${feed.kind}`, { camera });
    };
    const frames = cameraFrames({ camera, source, stdin, ffmpeg, states: { next } }, scheduler).pipe(
      tap(({ seq }) => state.frameIn(camera, seq)),
      tap(() => begun[i]?.next()),
    );
    const before = begun[i - 1] ?? of(undefined);
    const turn = timer(i * APART_MS, scheduler).pipe(takeUntil(before), ignoreElements());
    return { ...mount, frames: concat(turn, frames) };
  });
}
