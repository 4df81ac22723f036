import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { lineSplitter } from "../../src/core/lines.ts";
import type { Fix, GnssReport } from "../../src/sources/fix.ts";
import type { NmeaOptions } from "../../src/sources/nmea/nmea.ts";
import { nmeaAssembler } from "../../src/sources/nmea/nmea.ts";
import type { ReportAssembler } from "../../src/sources/report-assembler.ts";
import { pushLine } from "../../src/sources/report-assembler.ts";
import type { Skip } from "../../src/sources/skipped.ts";

/** Data of others beside the project; undefined where it is absent. */
export const SHARED_DRIVES = [resolve("../shared/data/drives")].find((path) => existsSync(path));

/** `GPGGA,…` with `$` and the checksum that belongs to it. */
export function sentence(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i += 1) sum ^= body.charCodeAt(i);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, "0")}`;
}

export interface Heard {
  readonly reports: readonly GnssReport[];
  readonly skipped: readonly Skip[];
}

/** What an assembler makes of a text, to its end. */
export function hear(assembler: ReportAssembler, text: string | Uint8Array, maxLineBytes = 4096): Heard {
  const reports: GnssReport[] = [];
  const splitter = lineSplitter(maxLineBytes);
  const bytes = typeof text === "string" ? Buffer.from(text, "latin1") : text;
  for (const line of [...splitter.push(bytes), ...splitter.end()]) {
    const report = pushLine(assembler, line);
    if (report !== undefined) reports.push(report);
  }
  const last = assembler.flush();
  return { reports: last === undefined ? reports : [...reports, last], skipped: assembler.skipped() };
}

/** What the NMEA reader makes of these sentences, given without `$` and checksum. */
export function hearNmea(bodies: readonly string[], options: NmeaOptions = {}): Heard {
  return hear(nmeaAssembler(options), bodies.map(sentence).join("\r\n"));
}

/** The only report as a fix; fails when there are others or it is none. */
export function onlyFix({ reports }: Heard): Fix {
  const [report, ...more] = reports;
  if (report === undefined || more.length > 0) throw new Error(`expected one report, got ${reports.length}`);
  if (report.quality === "none") throw new Error("expected a fix, got none");
  return report;
}

/** `3 checksum` for each reason, in the order of their first appearance. */
export function reasons({ skipped }: Heard): readonly string[] {
  return skipped.map(({ reason, count }) => `${count} ${reason}`);
}

/** All files below a folder. */
export function filesBelow(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile())
    .toSorted();
}
