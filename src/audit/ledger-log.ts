import { randomBytes } from "node:crypto";
import type { SchedulerLike } from "rxjs";
import { createChain } from "./chain.ts";
import { DurableLines } from "./durable-lines.ts";
import { createLedgerClock } from "./ledger-clock.ts";
import type { LedgerFolder } from "./ledger-folder.ts";
import type { CheckpointEvent, LedgerEvent } from "./ledger-line.ts";
import type { LedgerTail } from "./ledger-tail.ts";
import { readTail } from "./ledger-tail.ts";
import type { Told } from "./minute-account.ts";
import { formatMinute } from "./minute.ts";
import type { SigningKey } from "./signing-key.ts";

/** `failing`: nothing can be written now, what waits is kept; whether the gate stays open is the caller's decision. */
export type LedgerStatus = { readonly eventsLost: number; readonly writeFailures: number } & (
  | { readonly state: "sound" }
  | { readonly state: "failing"; readonly what: string; readonly waitingBytes: number }
);

/** The lines of one session. */
export interface LedgerLog {
  record(event: LedgerEvent): void;
  /** Records what happened in an earlier minute. */
  recordEarlier(event: LedgerEvent, timeMs: number): void;
  /** Signs all lines so far; nothing where there is nothing new. */
  checkpoint(told: Told, closing: boolean): void;
  status(): LedgerStatus;
  close(): Promise<"written" | "unwritten">;
}

interface LogOptions {
  readonly folder: LedgerFolder;
  readonly key: SigningKey;
  readonly maxFileBytes: number;
}

// What waits for the disk is lost beyond this, and counted: about 30,000 lines.
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** Goes on with the ledger of a folder, or begins one. A torn last line is cut off and recorded. */
export async function openLog(options: LogOptions, scheduler: SchedulerLike): Promise<LedgerLog> {
  const { folder } = options;
  const tail = await readTail(folder);
  await cutTornLine(folder, tail);
  const session = tail.session + 1;
  const chain = createChain({
    ...options,
    tail,
    session,
    ledger: tail.ledger ?? randomBytes(16).toString("hex"),
  });
  const lines = new DurableLines(folder, { file: tail.file, bytes: tail.wholeBytes }, scheduler);
  const clock = createLedgerClock(tail.lastMs);
  let eventsLost = 0;
  let linesSinceCheckpoint = 0;
  let lastTold = "";

  function write(event: LedgerEvent, timeMs: number): void {
    if (lines.waitingBytes > MAX_WAITING_BYTES) {
      eventsLost++;
      return;
    }
    for (const line of chain(event, formatMinute(timeMs))) lines.add(line);
    linesSinceCheckpoint++;
  }

  function record(event: LedgerEvent): void {
    const { timeMs, wentBackMinutes } = clock.stamp(scheduler.now());
    if (wentBackMinutes > 0) write({ event: "clock-back", minutes: wentBackMinutes }, timeMs);
    write(event, timeMs);
  }

  function checkpoint(told: Told, closing: boolean): void {
    const text = JSON.stringify(told);
    if (!closing && text === lastTold && linesSinceCheckpoint === 0) return;
    const troubles = { eventsLost, writeFailures: lines.failures };
    record({ event: "checkpoint", session, closing, ...told, ...troubles } satisfies CheckpointEvent);
    linesSinceCheckpoint = 0;
    lastTold = text;
  }

  if (tail.tornBytes > 0) record({ event: "recovered", cutBytes: tail.tornBytes });
  record({ event: "started", session });
  return {
    record,
    recordEarlier: (event, timeMs) => write(event, clock.stampEarlier(timeMs)),
    checkpoint,
    status() {
      const troubles = { eventsLost, writeFailures: lines.failures };
      const { failure, waitingBytes } = lines;
      return failure === null
        ? { state: "sound", ...troubles }
        : { state: "failing", what: failure, waitingBytes, ...troubles };
    },
    close: () => lines.close(),
  };
}

async function cutTornLine(folder: LedgerFolder, { name, wholeBytes, tornBytes }: LedgerTail): Promise<void> {
  if (name === null || tornBytes === 0) return;
  const file = await folder.open(name, wholeBytes);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
