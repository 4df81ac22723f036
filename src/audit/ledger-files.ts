/** A copy of the newest checkpoint: it tells when the end of the ledger has been cut off. */
export const HEAD_NAME = "head.json";

/** `ledger-000001.jsonl`: names in order of their numbers. */
export function ledgerFileName(number: number): string {
  return `ledger-${String(number).padStart(6, "0")}.jsonl`;
}

/** The number in the name of a ledger's file, or null for any other name. */
export function numberOfName(name: string): number | null {
  const digits = LEDGER_NAME.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

const LEDGER_NAME = /^ledger-(\d{6,})\.jsonl$/;

export interface CutLines {
  /** Lines without their LF. */
  readonly lines: readonly Uint8Array[];
  /** What stands behind the last LF: a line that was being written. */
  readonly torn: Uint8Array;
}

export function cutLines(bytes: Uint8Array): CutLines {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return { lines, torn: bytes.subarray(start) };
}

const LF = 0x0a;
