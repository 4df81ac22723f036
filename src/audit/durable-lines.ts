import type { SchedulerLike } from "rxjs";
import { messageOf } from "../core/errors.ts";
import { HEAD_NAME, ledgerFileName } from "./ledger-files.ts";
import type { LedgerFile, LedgerFolder } from "./ledger-folder.ts";

const RETRY_MS = 1_000;

/** A line with its LF, and what is to be done once it is written. */
export interface Waiting {
  readonly file: number;
  readonly bytes: Uint8Array;
  readonly finish: "go-on" | "sync" | "sync-and-keep-as-head";
}

/** What of a file is known to be durable. */
export interface Durable {
  readonly file: number;
  readonly bytes: number;
}

/**
 * Writes lines to files in order. What is not known to be durable is kept and, after any failure, written again behind
 * what is: so a line is in the ledger once, whatever fails. A kill loses no line that was handed to the system, a power
 * cut at most what came after the last sync. A file must end with a line that is synced.
 */
export class DurableLines {
  readonly #folder: LedgerFolder;
  readonly #scheduler: SchedulerLike;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** How many of the waiting lines are in the open file. */
  #appended = 0;
  #open: LedgerFile | null = null;
  #durable: Durable;
  #head: Uint8Array | null = null;
  #pumping: Promise<void> | null = null;
  #failure: string | null = null;
  #failures = 0;
  #closed = false;

  constructor(folder: LedgerFolder, durable: Durable, scheduler: SchedulerLike) {
    this.#folder = folder;
    this.#durable = durable;
    this.#scheduler = scheduler;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Attempts to write that failed, ever. */
  get failures(): number {
    return this.#failures;
  }

  /** Why nothing can be written now; null while all is well. */
  get failure(): string | null {
    return this.#failure;
  }

  add(line: Waiting): void {
    this.#waiting.push(line);
    this.#waitingBytes += line.bytes.length;
    if (this.#failure === null) void this.#pump();
  }

  /** Returns when all is durable, or cannot be made so at once. */
  async close(): Promise<"written" | "unwritten"> {
    this.#closed = true;
    do await this.#pump();
    while (this.#failure === null && this.#hasWork());
    await this.#closeFile();
    return this.#waiting.length === 0 ? "written" : "unwritten";
  }

  #pump(): Promise<void> {
    this.#pumping ??= this.#write()
      .catch((thrown: unknown) => this.#failed(thrown))
      .finally(() => {
        this.#pumping = null;
        if (this.#failure === null && this.#hasWork()) void this.#pump();
      });
    return this.#pumping;
  }

  #hasWork(): boolean {
    return this.#appended < this.#waiting.length || this.#head !== null;
  }

  async #write(): Promise<void> {
    while (this.#hasWork()) {
      const next = this.#waiting[this.#appended];
      if (next === undefined) await this.#replaceHead();
      else await this.#writeLine(next);
    }
    this.#failure = null;
  }

  async #writeLine({ file, bytes, finish }: Waiting): Promise<void> {
    const open = await this.#opened(file);
    await appendAll(open, bytes);
    this.#appended++;
    if (finish === "go-on") return;
    await open.sync();
    this.#forgetDurable(file);
    if (finish === "sync-and-keep-as-head") this.#head = bytes;
  }

  async #opened(file: number): Promise<LedgerFile> {
    if (file !== this.#durable.file) {
      await this.#closeFile();
      this.#durable = { file, bytes: 0 };
    }
    this.#open ??= await this.#folder.open(ledgerFileName(file), this.#durable.bytes);
    return this.#open;
  }

  #forgetDurable(file: number): void {
    const done = this.#waiting.splice(0, this.#appended);
    const doneBytes = done.reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.#appended = 0;
    this.#waitingBytes -= doneBytes;
    this.#durable = { file, bytes: this.#durable.bytes + doneBytes };
  }

  async #replaceHead(): Promise<void> {
    const head = this.#head;
    if (head === null) return;
    await this.#folder.replace(HEAD_NAME, head);
    this.#head = null;
  }

  async #failed(thrown: unknown): Promise<void> {
    this.#failures++;
    this.#failure = messageOf(thrown);
    await this.#closeFile();
    this.#scheduler.schedule(() => {
      if (!this.#closed) void this.#pump();
    }, RETRY_MS);
  }

  async #closeFile(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    this.#appended = 0; // a file that is opened again is cut to what is durable
    try {
      await open?.close();
    } catch (thrown) {
      this.#failure ??= messageOf(thrown);
    }
  }
}

async function appendAll(file: LedgerFile, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) {
    const written = await file.append(rest);
    if (written === 0) throw new Error("wrote nothing, and reported no error");
    rest = rest.subarray(written);
  }
}
