import { asyncScheduler, catchError, concat, concatMap, defer, distinctUntilChanged, EMPTY } from "rxjs";
import { finalize, from, ignoreElements, merge, NEVER, of, repeat, switchMap, tap, timer } from "rxjs";
import type { Observable } from "rxjs";
import type { SchedulerLike } from "rxjs";
import type { SegmentStore } from "../buffer/segment-store.ts";
import type { Random } from "../core/random.ts";
import { secretRandom } from "../core/random.ts";
import { abandonGone } from "./abandon.ts";
import { BACK_OFF } from "./back-off.ts";
import type { BackOffOptions } from "./back-off.ts";
import { createEndpointHttp } from "./endpoint-http.ts";
import type { EndpointHttp } from "./endpoint-http.ts";
import type { UploadOutcome } from "./outcome.ts";
import { createPace, unlimited } from "./pace.ts";
import type { Pace } from "./pace.ts";
import { createQueue } from "./queue.ts";
import type { Queue, Turn } from "./queue.ts";
import { routeOf } from "./region-endpoint.ts";
import type { RegionEndpoint, Regions } from "./region-endpoint.ts";
import type { ResumeFile } from "./resume-file.ts";
import { sendSegment } from "./send-segment.ts";
import type { Sole } from "./sole-uploader.ts";

export interface UploaderOptions {
  readonly store: SegmentStore;
  readonly regions: Regions;
  readonly resume: ResumeFile;
  /** Proof that no other process uploads from this store. */
  readonly sole: Sole;
  /**
   * Whether segments may be sent now, such as while the link is not metered. False stops at once and resumes later; so
   * does an error. @default always
   */
  readonly allowed?: Observable<boolean>;
  /** Bytes per second over all regions. @default without a bound */
  readonly maxBytesPerSecond?: number;
  /** @default from 1 s, doubling up to 5 min, half of it random */
  readonly backOff?: BackOffOptions;
  /** How often an empty queue looks for new segments. @default 1000 */
  readonly pollMs?: number;
  /** Longest silence of a receiver, the check of a whole segment included. @default 120000 */
  readonly silenceMs?: number;
  /** Bytes a request: what a cut connection may cost with the S3 store. @default 4194304 */
  readonly chunkBytes?: number;
  readonly random?: Random;
}

/**
 * Sends what is ready to the data centre of its region and to nothing else, oldest first, one at a time a region, and
 * says how each attempt ended. Subscribing starts it, once; unsubscribing stops it, and what was under way is gone on
 * with at the next start. Never completes and never fails.
 */
export function uploadSegments(
  options: UploaderOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<UploadOutcome> {
  const { maxBytesPerSecond } = options;
  const pace = maxBytesPerSecond === undefined ? unlimited : createPace(maxBytesPerSecond, scheduler);
  const lanes = options.regions.map((region) => createLane(region, pace, options, scheduler));
  const sending = merge(...lanes.map((lane) => run(lane, options, scheduler)));
  const allowed = (options.allowed ?? of(true)).pipe(
    // Not knowing what a link costs means not using it.
    catchError(() => of(false)),
    distinctUntilChanged(),
    switchMap((isAllowed) => (isAllowed ? sending : NEVER)),
  );
  return merge(allowed, NEVER, staying(options, scheduler));
}

interface Lane {
  readonly region: RegionEndpoint;
  readonly queue: Queue;
  readonly pace: Pace;
}

function createLane(
  region: RegionEndpoint,
  pace: Pace,
  options: UploaderOptions,
  scheduler: SchedulerLike,
): Lane {
  const { store, backOff = BACK_OFF, random = secretRandom, pollMs = 1000 } = options;
  const nowMs = (): number => scheduler.now();
  return { region, pace, queue: createQueue({ store, region: region.id, backOff, random, pollMs, nowMs }) };
}

/** The segments of one region, one after the other, over one connection. */
function run({ region, queue, pace }: Lane, options: UploaderOptions, scheduler: SchedulerLike) {
  return defer(() => {
    const { silenceMs = 120_000 } = options;
    const http = createEndpointHttp(region, { pace, silenceMs }, scheduler);
    const abandoned = cutting((signal) => abandonGone({ ...options, region, http, signal })).pipe(
      ignoreElements(),
    );
    const attempts = defer(() => {
      const turn = queue.next();
      if (turn === null) return EMPTY;
      return attempt(turn, region, http, options).pipe(
        tap((ending) => queue.note(turn.segment, ending)),
        concatMap((ending) => (ending.kind === "gone" ? concat(of(ending), abandoned) : of(ending))),
      );
    });
    const again = { delay: () => timer(queue.waitMs(), scheduler) };
    return concat(abandoned, attempts.pipe(repeat(again))).pipe(finalize(() => http.close()));
  });
}

function attempt(turn: Turn, region: RegionEndpoint, http: EndpointHttp, options: UploaderOptions) {
  const { store, resume, chunkBytes = 4 * 1024 * 1024 } = options;
  const { segment, startOver } = turn;
  return cutting(async (signal): Promise<UploadOutcome> => {
    const ending = await sendSegment(segment, { store, region, http, resume, chunkBytes, startOver, signal });
    return { segment, ...ending };
  });
}

/** What a promise gives; unsubscribing cuts it. */
function cutting<T>(work: (signal: AbortSignal) => Promise<T>): Observable<T> {
  return defer(() => {
    const stop = new AbortController();
    return from(work(stop.signal)).pipe(finalize(() => stop.abort()));
  });
}

/** Says once of each segment that has no endpoint that it stays. */
function staying({ store, regions, pollMs = 1000 }: UploaderOptions, scheduler: SchedulerLike) {
  let said = new Set<string>();
  return timer(0, pollMs, scheduler).pipe(
    switchMap(() => {
      const outcomes = store.list().flatMap((segment): UploadOutcome[] => {
        const why = routeOf(segment.region, regions);
        return typeof why === "string" ? [{ segment, kind: "stays", why }] : [];
      });
      const fresh = outcomes.filter(({ segment }) => !said.has(segment.id));
      said = new Set(outcomes.map(({ segment }) => segment.id));
      return from(fresh);
    }),
  );
}
