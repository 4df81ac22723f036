/** Where the files of a ledger are. Nothing but the ledger writes there. */
export interface LedgerFolder {
  /** Names of all files, in any order. */
  names(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array>;
  /**
   * Opens a file to be written behind its first `keepBytes` bytes: what stands behind them is cut off. Makes the file
   * where there is none; its name is then durable with the first `sync`.
   */
  open(name: string, keepBytes: number): Promise<LedgerFile>;
  /** Gives a file new content, durably: after a power cut it holds all of the old or all of the new. */
  replace(name: string, content: Uint8Array): Promise<void>;
}

/** A file that only grows. Any call may fail, and works again once the cause is gone. */
export interface LedgerFile {
  /** Writes at the end and returns how many bytes it wrote: it may be fewer than given, as with write(2). */
  append(bytes: Uint8Array): Promise<number>;
  /** Returns when all that was appended outlasts a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
