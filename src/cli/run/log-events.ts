import type { Observable } from "rxjs";
import { Subscription, take } from "rxjs";
import type { StoreEvent } from "../../buffer/segment-store.ts";
import type { Pipeline } from "../../pipeline.ts";
import type { FeedState } from "../../sources/cameras/supervise.ts";
import type { Receiver } from "../../sources/live/receiver.ts";
import type { UpdateNotice } from "../../zones/update/update-status.ts";
import type { Log } from "./log.ts";
import type { ZoneReading } from "./zone-folder.ts";

export interface Logged {
  readonly pipeline: Pipeline;
  readonly readings: Observable<ZoneReading>;
  readonly notices: Observable<UpdateNotice>;
  readonly receiver: Receiver;
  readonly log: Log;
}

/** More mistakes of one reading are counted only. */
const MAX_TOLD = 20;

/** Tells what happens, not each frame: those are counted in the metrics and the ledger. */
export function logEvents({ pipeline, readings, notices, receiver, log }: Logged): Subscription {
  const following = new Subscription();
  following.add(
    pipeline.outcomes
      .pipe(take(1))
      .subscribe(({ record: { action, reason } }) =>
        log.info("first verdict", { action, reason, sinceStartMs: Math.round(performance.now()) }),
      ),
  );
  following.add(
    pipeline.notices.subscribe(({ input, what }) => log.warn("input", { input, ending: endingOf(what) })),
  );
  following.add(
    pipeline.revocations.subscribe(({ afterMs, untilMs }) =>
      log.warn("revoked: fixes proved wrong", { spanMs: Math.round(untilMs - afterMs) }),
    ),
  );
  following.add(
    pipeline.zonesInForce.subscribe((set) =>
      log.info("zones in force", { hash: set.hash, zones: set.zones.length, expiresMs: set.expiresMs }),
    ),
  );
  following.add(readings.subscribe((reading) => logReading(reading, log)));
  following.add(notices.subscribe((notice) => logNotice(notice, log)));
  following.add(pipeline.stored.subscribe((event) => logStored(event, log)));
  following.add(
    pipeline.uploads.subscribe(({ segment, kind }) =>
      log.info("upload", { segment: segment.id, ending: kind }),
    ),
  );
  following.add(
    receiver.health.subscribe(({ state, what }) =>
      state === "fix" ? log.info("receiver", { state }) : log.warn("receiver", { state, what }),
    ),
  );
  return following;
}

export function logFeed(camera: string, feed: FeedState, log: Log): void {
  if (feed.kind === "down") log.warn("camera down", { camera, why: feed.why, retryMs: feed.retryMs });
  else log.info(`camera ${feed.kind}`, { camera });
}

/** A refused value's text may quote it, and that may be a position. */
function endingOf(what: string): string {
  return /^(?:ended|failed|refused|went back)/.exec(what)?.[0] ?? "trouble";
}

function logReading(reading: ZoneReading, log: Log): void {
  if (reading.kind !== "refused") return log.info("zone files read", { outcome: reading.kind });
  const { mistakes } = reading;
  log.error("zone files refused: the last good set stays in force", { mistakes: mistakes.length });
  for (const { file, line, what } of mistakes.slice(0, MAX_TOLD))
    log.error("zone file", { file, line, what });
}

function logStored(event: StoreEvent, log: Log): void {
  switch (event.kind) {
    case "sealed":
    case "sent":
      return log.debug(`segment ${event.kind}`, { segment: event.segment.id, bytes: event.segment.bytes });
    case "destroyed":
      return log.info("segment destroyed", { segment: event.segment.id, why: event.why });
    case "lost":
      return log.error("frames lost", { why: event.why, detail: event.detail });
    case "quarantined":
      return log.error("file quarantined", { name: event.name, detail: event.detail });
    default:
      return event satisfies never;
  }
}

function logNotice({ kind, what }: UpdateNotice, log: Log): void {
  const isBad = kind === "failed" || kind === "widened" || kind === "closed" || kind === "paused";
  log[isBad ? "warn" : "info"]("zone updates", { kind, what });
}
