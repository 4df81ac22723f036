import type { Readable } from "node:stream";
import type { Observable, SchedulerLike } from "rxjs";
import {
  ReplaySubject,
  Subject,
  Subscription,
  concat,
  ignoreElements,
  of,
  takeUntil,
  tap,
  timer,
} from "rxjs";
import type { DaemonConfig } from "../../config.ts";
import type { GuardOptions } from "../../guard-interface.ts";
import { cameraFrames } from "../../sources/cameras/camera-feed.ts";
import { runAhead } from "../../sources/cameras/run-ahead.ts";
import type { FeedState } from "../../sources/cameras/supervise.ts";

/**
 * An ffmpeg takes 80 ms of a processor to start: eight that start at once are all late, the first as well. Each starts when
 * the one before it has given a picture, or after so long for each before it.
 */
const APART_MS = 250;

/** Of what comes before the gate is open, so much waits for it; older pictures are as if never taken. */
const MAX_EARLY = { frames: 4, feeds: 256 } as const;

export interface CameraFeed {
  readonly camera: string;
  readonly feed: FeedState;
}

/** Cameras that run already. */
export interface OpenCameras {
  /** As the guard takes them. */
  readonly cameras: GuardOptions["cameras"];
  /** How each of them is, from the start on. For one subscriber. */
  readonly feeds: Observable<CameraFeed>;
  /** To end them when there will be no guard. */
  readonly running: Subscription;
}

/** Starts the cameras of a configuration, one after the other. */
export function openCameras(
  { cameras, ffmpeg }: DaemonConfig,
  stdin: Readable,
  scheduler: SchedulerLike,
): OpenCameras {
  const begun = cameras.map(() => new ReplaySubject<void>(1));
  const told = new Subject<CameraFeed>();
  const feeds = runAhead(told, MAX_EARLY.feeds);
  const running = new Subscription();
  const opened = cameras.map(({ source, ...mount }, i) => {
    const { id: camera } = mount;
    const states = { next: (feed: FeedState) => told.next({ camera, feed }) };
    const frames = cameraFrames({ camera, source, stdin, ffmpeg, states }, scheduler).pipe(
      tap(() => begun[i]?.next()),
    );
    const before = begun[i - 1] ?? of(undefined);
    const turn = timer(i * APART_MS, scheduler).pipe(takeUntil(before), ignoreElements());
    const ahead = runAhead(concat(turn, frames), MAX_EARLY.frames);
    running.add(ahead.running);
    return { ...mount, frames: ahead.values };
  });
  return { cameras: opened, feeds: feeds.values, running };
}
