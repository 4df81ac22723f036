import type { Line, LineTaker } from "../core/lines.ts";
import { latin1 } from "../core/lines.ts";
import type { GnssReport } from "./fix.ts";
import type { Skip } from "./skipped.ts";

/**
 * Turns the lines of a receiver into one report per epoch. Files and live sources (serial, TCP) share it.
 *
 * An epoch is complete when the first record of the next one arrives, so a report comes one epoch late
 * (1 s at 1 Hz). A live source shortens that by calling `flush` when the receiver pauses between bursts; a
 * record of the same epoch that comes after the flush makes a second report with the same time.
 */
export interface ReportAssembler {
  /** Takes one line without its end; answers the report of the epoch that it completed, if any. */
  push(line: string): GnssReport | undefined;
  /** The same for `bytes[start]` up to `bytes[end]`, Latin-1, where bytes are read faster than text. */
  pushBytes?(bytes: Uint8Array, start: number, end: number): GnssReport | undefined;
  /** Ends the open epoch and answers its report, if it makes one. What was learned (the date) stays. */
  flush(): GnssReport | undefined;
  /** Takes note of a line that was too long to be kept. */
  skipLine(): void;
  /** What was left out so far. */
  skipped(): readonly Skip[];
  /** How many records of the format were read so far, used or not. Zero at the end: it is not this format. */
  recordCount(): number;
}

/** Hands over a line of a `lineSplitter`. */
export function pushLine(assembler: ReportAssembler, line: Line): GnssReport | undefined {
  if (line.kind === "text") return assembler.push(line.text);
  assembler.skipLine();
  return undefined;
}

/** Hands over the lines of `byteLines`, and on the reports that they complete. */
export function lineTaker(assembler: ReportAssembler, take: (report: GnssReport) => void): LineTaker {
  const push =
    assembler.pushBytes?.bind(assembler) ??
    ((bytes: Uint8Array, start: number, end: number) => assembler.push(latin1(bytes, start, end)));
  return {
    line(bytes, start, end) {
      const report = push(bytes, start, end);
      if (report !== undefined) take(report);
    },
    tooLong: () => assembler.skipLine(),
  };
}
