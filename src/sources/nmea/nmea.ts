import { latin1 } from "../../core/lines.ts";
import type { GnssReport } from "../fix.ts";
import { nmeaEpochs } from "./nmea-epochs.ts";
import { quickSentence } from "./nmea-quick.ts";
import type { MissingChecksum } from "./nmea-sentence.ts";
import { sentenceIn } from "./nmea-sentence.ts";
import { SENTENCE_TYPES, statementOf } from "./nmea-statement.ts";
import type { ReportAssembler } from "../report-assembler.ts";
import { skipTally } from "../skipped.ts";

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
  const skips = skipTally();
  const epochs = nmeaEpochs(skips);
  let line = 0;
  let records = 0;

  function push(text: string): GnssReport | undefined {
    line += 1;
    const framed = sentenceIn(text, missingChecksum);
    if (framed.kind === "refused") skips.add(framed.reason, line);
    if (framed.kind !== "sentence") return undefined;
    records += 1;
    const type = SENTENCE_TYPES.get(framed.type);
    if (type === undefined) return undefined;
    const statement = statementOf(type, framed.fields());
    if (statement === undefined) skips.add("malformed", line);
    return statement && epochs.add(type.role, statement, line);
  }

  return {
    push,
    pushBytes(bytes, start, end) {
      const quick = quickSentence(bytes, start, end);
      if (quick === null) return push(latin1(bytes, start, end));
      line += 1;
      records += 1;
      return quick === "unread" ? undefined : epochs.add(quick.role, quick.statement, line);
    },
    flush: () => epochs.close(line),
    skipLine() {
      line += 1;
      skips.add("too-long", line);
    },
    skipped: () => skips.list(),
    recordCount: () => records,
  };
}
