import type { Receipt } from "../receipt.ts";

/** What the data centre holds: checked segments, each with its receipt. */
export interface Archive {
  /**
   * Takes a checked upload over, durably, then its receipt. `taken`: there is another content under this id, which
   * stays. The same content again changes nothing. What a crash leaves between the two is completed when the upload
   * is finished again. Does not remove the upload. Rejects with the store's error; nothing is lost then.
   */
  keep(uploadId: string, receipt: Receipt): Promise<"kept" | "taken">;
  /** The receipt of a held segment, or null. */
  receiptOf(id: string): Promise<Receipt | null>;
  /** The receipts of all held segments, by id. */
  receipts(): AsyncIterable<Receipt>;
}
