import { latin1 } from "../../core/lines.ts";
import type { GnssReport } from "../fix.ts";
import { nmeaEpochs } from "./nmea-epochs.ts";
import { quickSentence } from "./nmea-quick.ts";
import type { MissingChecksum } from "./nmea-sentence.ts";
import { sentenceIn } from "./nmea-sentence.ts";
import { SENTENCE_TYPES, statementOf } from "./nmea-statement.ts";
import type { LineCounts, LineReader } from "../line-assembler.ts";
import { lineAssembler } from "../line-assembler.ts";
import type { ReportAssembler } from "../report-assembler.ts";

export interface NmeaOptions {
  /** Sentences without `*hh`. @default "refuse": they may be cut off without a sign of it */
  readonly missingChecksum?: MissingChecksum;
}

/**
 * Reads NMEA 0183 from any talker: RMC, GGA, GNS and GLL make epochs; GST, ZDA, VTG and GSA complete them.
 * Sentences with the same UTC time of day are one epoch and become one report.
 *
 * VTG and GSA carry no time and count for the epoch that is open when they come. A receiver that sends them before
 * the timed sentences of their epoch gives them to the one before; speed and course of RMC go before VTG's then.
 */
export function nmeaAssembler({ missingChecksum = "refuse" }: NmeaOptions = {}): ReportAssembler {
  return lineAssembler((counts) => nmeaReader(counts, missingChecksum));
}

function nmeaReader(counts: LineCounts, missingChecksum: MissingChecksum): LineReader {
  const { skips } = counts;
  const epochs = nmeaEpochs(skips);

  function read(text: string): GnssReport | undefined {
    const framed = sentenceIn(text, missingChecksum);
    if (framed.kind === "refused") skips.add(framed.reason, counts.line);
    if (framed.kind !== "sentence") return undefined;
    counts.records += 1;
    const type = SENTENCE_TYPES.get(framed.type);
    if (type === undefined) return undefined;
    const statement = statementOf(type, framed.fields());
    if (statement === undefined) skips.add("malformed", counts.line);
    return statement && epochs.add(type.role, statement, counts.line);
  }

  return {
    read,
    readBytes(bytes, start, end) {
      const quick = quickSentence(bytes, start, end);
      if (quick === null) return read(latin1(bytes, start, end));
      counts.records += 1;
      return quick === "unread" ? undefined : epochs.add(quick.role, quick.statement, counts.line);
    },
    close: () => epochs.close(counts.line),
  };
}
