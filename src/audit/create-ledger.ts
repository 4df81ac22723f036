import type { SchedulerLike, Subscription } from "rxjs";
import { asyncScheduler } from "rxjs";
import { CamfenceError } from "../core/errors.ts";
import type { Outcome } from "../gate/record.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import { refusalOf } from "../zones/zone-set.ts";
import type { Ledger, LedgerOptions } from "./ledger.ts";
import type { LedgerEvent } from "./ledger-line.ts";
import { openLog } from "./ledger-log.ts";
import type { LedgerLog, LedgerStatus } from "./ledger-log.ts";
import { createMinuteAccount } from "./minute-account.ts";
import { createMinuteNotes } from "./minute-notes.ts";
import { MINUTE_MS, floorMinuteMs, formatMinute } from "./minute.ts";
import type { SegmentChange } from "./storage-account.ts";

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
  return new KeptLedger(log, checkpointMinutes, scheduler);
}

const DEFAULT_FILE_BYTES = 8 * 1024 * 1024;

class KeptLedger implements Ledger {
  readonly #log: LedgerLog;
  readonly #checkpointMinutes: number;
  readonly #scheduler: SchedulerLike;
  readonly #account = createMinuteAccount();
  readonly #notes = createMinuteNotes();
  readonly #unjudged = new Map<string, number>();
  #zonesInForce: ZoneSet | null = null;
  #minuteMs: number;
  #minutes = 0;
  #closed = false;
  #turning: Subscription;

  constructor(log: LedgerLog, checkpointMinutes: number, scheduler: SchedulerLike) {
    this.#log = log;
    this.#checkpointMinutes = checkpointMinutes;
    this.#scheduler = scheduler;
    this.#minuteMs = floorMinuteMs(scheduler.now());
    log.checkpoint(this.#account.told(), false); // signs the header, and how the last session was found
    this.#turning = this.#turnWithTheMinute(scheduler.now());
  }

  frameIn(camera: string): void {
    this.#count(camera, 1);
  }

  outcome(outcome: Outcome): void {
    if (this.#closed) return;
    this.#count(outcome.record.camera, -1);
    this.#account.judged(outcome);
  }

  zoneSet(set: ZoneSet): void {
    if (refusalOf(set, this.#zonesInForce) !== null) return;
    this.#zonesInForce = set;
    this.#record(zoneSetEvent(set));
  }

  notice({ input, what }: Parameters<Ledger["notice"]>[0]): void {
    this.#notes.input(input, endingOf(what));
  }

  revoked({ afterMs, untilMs }: Parameters<Ledger["revoked"]>[0]): void {
    this.#notes.revoked(afterMs, untilMs);
  }

  storageOpened({ segments, frames }: Parameters<Ledger["storageOpened"]>[0]): void {
    this.#account.carry(segments, frames);
    this.#record({ event: "storage-opened", segments, frames });
  }

  segment(change: SegmentChange): void {
    const event = this.#account.segment(change);
    if (event !== null) this.#record(event);
  }

  rechecked(run: Parameters<Ledger["rechecked"]>[0]): void {
    this.#record({ event: "rechecked", ...run });
  }

  status(): LedgerStatus {
    return this.#log.status();
  }

  close(): Promise<"written" | "unwritten"> {
    this.#closed = true;
    this.#turning.unsubscribe();
    for (const [camera, frames] of this.#unjudged) if (frames > 0) this.#account.lose(camera, frames);
    this.#endMinute("all");
    this.#log.checkpoint(this.#account.told(), true);
    return this.#log.close();
  }

  #count(camera: string, frames: number): void {
    this.#unjudged.set(camera, (this.#unjudged.get(camera) ?? 0) + frames);
  }

  #record(event: LedgerEvent): void {
    if (!this.#closed) this.#log.record(event);
  }

  #endMinute(all?: "all"): void {
    const { restrictions, segments } = this.#account.endMinute(all);
    for (const event of [...restrictions, ...this.#notes.take()])
      this.#log.recordEarlier(event, this.#minuteMs);
    for (const event of segments) this.#log.record(event);
  }

  #turnWithTheMinute(nowMs: number): Subscription {
    return this.#scheduler.schedule(() => this.#turn(), untilNextMinuteMs(nowMs));
  }

  #turn(): void {
    const nowMs = this.#scheduler.now();
    if (floorMinuteMs(nowMs) !== this.#minuteMs) {
      this.#endMinute();
      this.#minuteMs = floorMinuteMs(nowMs);
      this.#minutes++;
      if (this.#minutes % this.#checkpointMinutes === 0) this.#log.checkpoint(this.#account.told(), false);
    } // else the timer was early
    this.#turning = this.#turnWithTheMinute(nowMs);
  }
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
