import type { Files, OpenFile } from "../disk/files.ts";
import { readUpTo, withFile, writeAll } from "../disk/files.ts";
import type { RecordSealer } from "./sealed-records.ts";
import { RECORDS_AT, createRecordSealer, openRecords } from "./sealed-records.ts";
import { Checkpoint } from "./summary.ts";

/** One point that a segment can be recovered to. */
export interface JournalEntry {
  readonly checkpoint: Checkpoint;
  /** The sealed end that makes a whole file of the segment's first `offsetBytes`. */
  readonly tail: Uint8Array;
  /** Packed notes of the frames since the entry before. */
  readonly notes: Uint8Array;
}

/** The journal of a segment that is being written: what start-up needs to end it without its key. */
export class Journal {
  readonly #file: OpenFile;
  readonly #sealer: RecordSealer;
  #bytes: number;

  private constructor(file: OpenFile, sealer: RecordSealer) {
    this.#file = file;
    this.#sealer = sealer;
    this.#bytes = sealer.head.length;
  }

  static async create(files: Files, deviceKey: Buffer, name: string, id: string): Promise<Journal> {
    const sealer = createRecordSealer("journal", id, deviceKey);
    const file = await files.open(name, "create");
    try {
      await writeAll(file, sealer.head, 0);
      return new Journal(file, sealer);
    } catch (thrown) {
      await file.close();
      throw thrown;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  async add({ checkpoint, tail, notes }: JournalEntry): Promise<void> {
    const text = Buffer.from(JSON.stringify(checkpoint));
    const lengths = Buffer.alloc(4 + 4);
    lengths.writeUInt32LE(text.length, 0);
    lengths.writeUInt32LE(tail.length, 4);
    const record = this.#sealer.seal(Buffer.concat([lengths, text, tail, notes]));
    await writeAll(this.#file, record, this.#bytes);
    this.#bytes += record.length;
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** The entries of a journal up to where it was cut off. Throws as `openRecords`, or the disk's error. */
export async function readJournal(
  files: Files,
  deviceKey: Buffer,
  name: string,
  id: string,
): Promise<JournalEntry[]> {
  const bytes = await withFile(files, name, "read", async (file) => readUpTo(file, await file.size(), 0));
  // Cut off while it was created: nothing was written of the segment.
  if (bytes.length < RECORDS_AT) return [];
  return openRecords("journal", id, deviceKey, bytes).map((record) => {
    const textEnd = 8 + record.readUInt32LE(0);
    const tailEnd = textEnd + record.readUInt32LE(4);
    return {
      checkpoint: Checkpoint.parse(JSON.parse(record.toString("utf8", 8, textEnd))),
      tail: record.subarray(textEnd, tailEnd),
      notes: record.subarray(tailEnd),
    };
  });
}
