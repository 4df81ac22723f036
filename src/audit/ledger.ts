import type { SchedulerLike } from "rxjs";
import { asyncScheduler } from "rxjs";
import { CamfenceError } from "../core/errors.ts";
import type { Outcome } from "../gate/record.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import { refusalOf } from "../zones/zone-set.ts";
import type { KeyProvider } from "./key-provider.ts";
import type { LedgerFolder } from "./ledger-folder.ts";
import type { LedgerEvent } from "./ledger-line.ts";
import { openLog } from "./ledger-log.ts";
import type { LedgerLog, LedgerStatus } from "./ledger-log.ts";
import { createMinuteAccount } from "./minute-account.ts";
import { createMinuteNotes } from "./minute-notes.ts";
import { MINUTE_MS, floorMinuteMs, formatMinute } from "./minute.ts";
import type { SegmentChange } from "./storage-account.ts";

export interface LedgerOptions {
  readonly folder: LedgerFolder;
  /** Signs the checkpoints. With another key than before, a new file is begun. */
  readonly key: KeyProvider;
  /** Minutes from one checkpoint to the next, at least 1: what a kill may leave uncounted. @default 1 */
  readonly checkpointMinutes?: number;
  /** A new file is begun after the checkpoint that makes one this large, in bytes. @default 8 MiB */
  readonly maxFileBytes?: number;
}

/**
 * Rule 7: the account of every frame. Nothing here throws or waits for the disk but `close`. What it writes is told by
 * whole minutes and names no place.
 */
export interface Ledger {
  /** A camera delivered a frame: one without an outcome when the ledger closes counts as lost. */
  frameIn(camera: string): void;
  outcome(outcome: Outcome): void;
  /** A set that came in; one that the guard refuses is left out, as its notice tells. */
  zoneSet(set: ZoneSet): void;
  /** An input that ended or failed, or refused a value; of the text only which of these. */
  notice(notice: { readonly input: string; readonly what: string }): void;
  revoked(revocation: { readonly afterMs: number; readonly untilMs: number }): void;
  /** What storage holds at its start, of earlier sessions. */
  storageOpened(held: { readonly segments: number; readonly frames: number }): void;
  segment(change: SegmentChange): void;
  /** Waiting segments were judged again with the zone set of this hash. */
  rechecked(run: { readonly zoneSet: string; readonly kept: number; readonly destroyed: number }): void;
  status(): LedgerStatus;
  /** Tells all that was held back and signs it; what comes later is not taken. Once only. */
  close(): Promise<"written" | "unwritten">;
}

/**
 * Opens the ledger of a folder, or begins one. The scheduler's clock is in milliseconds since the Unix epoch. Throws
 * CamfenceError for a key or a folder that cannot be used.
 */
export async function createLedger(
  options: LedgerOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Promise<Ledger> {
  const { folder, checkpointMinutes = 1, maxFileBytes = DEFAULT_FILE_BYTES } = options;
  if (!Number.isInteger(checkpointMinutes) || checkpointMinutes < 1)
    throw new CamfenceError(
      "usage",
      `got ${checkpointMinutes} minutes between checkpoints, expected 1, 2, 3 …`,
    );
  const log = await openLog({ folder, key: await options.key.load(), maxFileBytes }, scheduler);
  return keepLedger(log, checkpointMinutes, scheduler);
}

const DEFAULT_FILE_BYTES = 8 * 1024 * 1024;

function keepLedger(log: LedgerLog, checkpointMinutes: number, scheduler: SchedulerLike): Ledger {
  const account = createMinuteAccount();
  const notes = createMinuteNotes();
  const unjudged = new Map<string, number>();
  let zonesInForce: ZoneSet | null = null;
  let minuteMs = floorMinuteMs(scheduler.now());
  let minutes = 0;
  let closed = false;

  const count = (camera: string, frames: number): void => {
    unjudged.set(camera, (unjudged.get(camera) ?? 0) + frames);
  };
  const record = (event: LedgerEvent): void => {
    if (!closed) log.record(event);
  };

  function endMinute(all?: "all"): void {
    const { restrictions, segments } = account.endMinute(all);
    for (const event of [...restrictions, ...notes.take()]) log.recordEarlier(event, minuteMs);
    for (const event of segments) log.record(event);
  }

  function turn(): void {
    const nowMs = scheduler.now();
    if (floorMinuteMs(nowMs) !== minuteMs) {
      endMinute();
      minuteMs = floorMinuteMs(nowMs);
      minutes++;
      if (minutes % checkpointMinutes === 0) log.checkpoint(account.told(), false);
    } // else the timer was early
    turning = scheduler.schedule(turn, untilNextMinuteMs(nowMs));
  }

  log.checkpoint(account.told(), false); // signs the header, and how the last session was found
  let turning = scheduler.schedule(turn, untilNextMinuteMs(scheduler.now()));

  return {
    frameIn: (camera) => count(camera, 1),
    outcome(outcome) {
      if (closed) return;
      count(outcome.record.camera, -1);
      account.judged(outcome);
    },
    zoneSet(set) {
      if (refusalOf(set, zonesInForce) !== null) return;
      zonesInForce = set;
      record(zoneSetEvent(set));
    },
    notice: ({ input, what }) => notes.input(input, endingOf(what)),
    revoked: ({ afterMs, untilMs }) => notes.revoked(afterMs, untilMs),
    storageOpened({ segments, frames }) {
      account.carry(segments, frames);
      record({ event: "storage-opened", segments, frames });
    },
    segment(change) {
      const event = account.segment(change);
      if (event !== null) record(event);
    },
    rechecked: (run) => record({ event: "rechecked", ...run }),
    status: () => log.status(),
    close() {
      closed = true;
      turning.unsubscribe();
      for (const [camera, frames] of unjudged) if (frames > 0) account.lose(camera, frames);
      endMinute("all");
      log.checkpoint(account.told(), true);
      return log.close();
    },
  };
}

function zoneSetEvent({ hash, issuedMs, expiresMs, source }: ZoneSet): LedgerEvent {
  const times = { issued: formatMinute(issuedMs), expires: formatMinute(expiresMs) };
  if (source === undefined) return { event: "zone-set", hash, ...times };
  const { sinceMs, repository, target, role, signers, versions } = source.origin;
  const from = { repository, target, role, signers: [...signers], versions };
  const told = { state: source.phase, since: formatMinute(sinceMs), ...from };
  return { event: "zone-set", hash, ...times, from: told };
}

function endingOf(what: string): "ended" | "failed" | "refused" {
  if (what === "ended") return "ended";
  return what.startsWith("failed") ? "failed" : "refused";
}

function untilNextMinuteMs(nowMs: number): number {
  return floorMinuteMs(nowMs) + MINUTE_MS - nowMs;
}
