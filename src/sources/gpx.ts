import { SaxesParser } from "saxes";
import type { SaxesTagPlain } from "saxes";
import { CamfenceError, messageOf } from "../core/errors.ts";
import type { GnssReport } from "./fix.ts";
import type { TrackPoint } from "./gpx-point.ts";
import { openPoint, pointReport } from "./gpx-point.ts";
import { quickPoints } from "./gpx-quick.ts";
import type { Skip } from "./skipped.ts";
import { skipTally } from "./skipped.ts";

/** Deepest nesting that is read; GPX itself has seven levels. */
const MAX_DEPTH = 64;

const POINT_END = "</trkpt>";

/** Longest text of one element that is kept; a time or a number has under 40 characters. */
const MAX_TEXT = 256;

export interface GpxParser {
  /** Takes the next piece of the document. Throws a CamfenceError with file and line at the first mistake. */
  push(text: string): void;
  /** Ends the document. Throws when it is incomplete or holds no track point with a time. */
  end(): { readonly reports: readonly GnssReport[]; readonly skipped: readonly Skip[] };
}

/**
 * Reads the track points of a GPX 1.0 or 1.1 document, tracks and segments one after another. Routes and way
 * points are not read: nobody was there at any time. Namespace prefixes are ignored. Entities other than XML's own
 * five are an error, so nothing outside the document is read and nothing expands.
 */
export function gpxParser(file: string): GpxParser {
  const parser = new SaxesParser();
  const skips = skipTally();
  const reports: GnssReport[] = [];
  const path: string[] = [];
  let point: TrackPoint | undefined;
  let text = "";
  let written = 0;
  /** Where in the document the last track point of a segment ended. */
  let endedAt = -1;

  const fail = (message: string): never => {
    throw new CamfenceError("malformed", `${file}:${parser.line}: ${message}`, { file, line: parser.line });
  };

  function open({ name, attributes }: SaxesTagPlain): void {
    const local = localName(name);
    if (path.length === 0 && local !== "gpx") fail(`the root element is <${name}>, expected <gpx>`);
    if (path.length >= MAX_DEPTH) fail(`elements are nested more than ${MAX_DEPTH} deep; this is no GPX`);
    path.push(local);
    text = "";
    if (local === "trkpt") point = openPoint(attributes, parser.line, fail);
  }

  function close(): void {
    const local = path.pop();
    if (point === undefined) return;
    if (local === "trkpt") {
      finish(point);
      if (path.at(-1) === "trkseg") endedAt = parser.position;
    } else point.say(path, local ?? "", text.trim());
    text = "";
  }

  /**
   * Hands the document over, point by point: behind one that the parser has just ended, quick points may follow. What
   * they were is replaced by the ends of their lines, for what messages say.
   */
  function push(piece: string): void {
    let at = 0;
    while (at < piece.length) {
      const pointEnd = piece.indexOf(POINT_END, at);
      const until = pointEnd < 0 ? piece.length : pointEnd + POINT_END.length;
      write(piece.slice(at, until));
      at = until;
      if (endedAt !== written) continue;
      const quick = quickPoints(piece, at, (report) => void reports.push(report));
      at = quick.end;
      if (quick.newlines > 0) write("\n".repeat(quick.newlines));
    }
  }

  function write(xml: string): void {
    written += xml.length;
    parser.write(xml);
  }

  function finish(finished: TrackPoint): void {
    point = undefined;
    const report = pointReport(finished, fail);
    if (report === undefined) skips.add("no-time", finished.line);
    else reports.push(report);
  }

  parser.on("error", (error) => fail(`not well-formed XML: ${withoutPlace(error)}`));
  parser.on("opentag", open);
  parser.on("closetag", close);
  parser.on("text", (more) => {
    if (point !== undefined && text.length < MAX_TEXT) text += more.slice(0, MAX_TEXT);
  });

  return {
    push,
    end() {
      parser.close();
      if (reports.length === 0) throw noReports(file, skips.list());
      return { reports, skipped: skips.list() };
    },
  };
}

function noReports(file: string, skipped: readonly Skip[]): CamfenceError {
  const first = skipped[0];
  if (first === undefined) {
    const message =
      "no track point (<trk><trkseg><trkpt>): routes and way points tell no drive; export it as a track";
    return new CamfenceError("malformed", `${file}: ${message}`, { file });
  }
  const message =
    "no track point has a <time>; a position without a time cannot be judged: export the track with times";
  return new CamfenceError("malformed", `${file}:${first.firstLine}: ${message}`, {
    file,
    line: first.firstLine,
  });
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** saxes puts line and column before its message. */
function withoutPlace(error: Error): string {
  return messageOf(error).replace(/^(?:\d+:)+ ?/, "");
}
