import type { GnssReport } from "./fix.ts";
import type { ReportAssembler } from "./report-assembler.ts";
import type { SkipTally } from "./skipped.ts";
import { skipTally } from "./skipped.ts";

/** How far a receiver's lines were read. */
export interface LineCounts {
  /** The number of the line that is being read, from 1. */
  line: number;
  /** To be counted up for each record of the format, used or not. */
  records: number;
  readonly skips: SkipTally;
}

/** What a format makes of a line. */
export interface LineReader {
  /** Answers the report of the epoch that the line completed, if any. */
  readonly read: (text: string) => GnssReport | undefined;
  readonly readBytes?: (bytes: Uint8Array, start: number, end: number) => GnssReport | undefined;
  /** Ends the open epoch. */
  readonly close: () => GnssReport | undefined;
}

/** An assembler for a format whose records are lines: it counts, the reader reads. */
export function lineAssembler(readerFor: (counts: LineCounts) => LineReader): ReportAssembler {
  const counts: LineCounts = { line: 0, records: 0, skips: skipTally() };
  const { read, readBytes, close } = readerFor(counts);
  return {
    push(text) {
      counts.line += 1;
      return read(text);
    },
    ...(readBytes !== undefined && {
      pushBytes(bytes, start, end) {
        counts.line += 1;
        return readBytes(bytes, start, end);
      },
    }),
    flush: close,
    skipLine() {
      counts.line += 1;
      counts.skips.add("too-long", counts.line);
    },
    skipped: () => counts.skips.list(),
    recordCount: () => counts.records,
  };
}
