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
  return new TrackPointParser(file);
}

class TrackPointParser implements GpxParser {
  readonly #file: string;
  readonly #parser = new SaxesParser();
  readonly #skips = skipTally();
  readonly #reports: GnssReport[] = [];
  readonly #path: string[] = [];
  #point: TrackPoint | undefined;
  #text = "";
  #written = 0;
  /** Where in the document the last track point of a segment ended. */
  #endedAt = -1;

  constructor(file: string) {
    this.#file = file;
    this.#parser.on("error", (error) => this.#fail(`not well-formed XML: ${withoutPlace(error)}`));
    this.#parser.on("opentag", (tag) => this.#open(tag));
    this.#parser.on("closetag", () => this.#close());
    this.#parser.on("text", (more) => {
      if (this.#point !== undefined && this.#text.length < MAX_TEXT) this.#text += more.slice(0, MAX_TEXT);
    });
  }

  /**
   * Hands the document over, point by point: behind one that the parser has just ended, quick points may follow. What
   * they were is replaced by the ends of their lines, for what messages say.
   */
  push(piece: string): void {
    let at = 0;
    while (at < piece.length) {
      const pointEnd = piece.indexOf(POINT_END, at);
      const until = pointEnd < 0 ? piece.length : pointEnd + POINT_END.length;
      this.#write(piece.slice(at, until));
      at = until;
      if (this.#endedAt !== this.#written) continue;
      const quick = quickPoints(piece, at, (report) => void this.#reports.push(report));
      at = quick.end;
      if (quick.newlines > 0) this.#write("\n".repeat(quick.newlines));
    }
  }

  end() {
    this.#parser.close();
    const skipped = this.#skips.list();
    if (this.#reports.length === 0) throw noReports(this.#file, skipped);
    return { reports: this.#reports, skipped };
  }

  #write(xml: string): void {
    this.#written += xml.length;
    this.#parser.write(xml);
  }

  #open({ name, attributes }: SaxesTagPlain): void {
    const local = localName(name);
    const depth = this.#path.push(local);
    if (depth === 1 && local !== "gpx") this.#fail(`the root element is <${name}>, expected <gpx>`);
    if (depth > MAX_DEPTH) this.#fail(`elements are nested more than ${MAX_DEPTH} deep; this is no GPX`);
    this.#text = "";
    if (local !== "trkpt") return;
    this.#point = openPoint(attributes, this.#parser.line, (message) => this.#fail(message));
  }

  #close(): void {
    const local = this.#path.pop();
    if (this.#point === undefined) return;
    if (local === "trkpt") {
      this.#finish(this.#point);
      if (this.#path.at(-1) === "trkseg") this.#endedAt = this.#parser.position;
    } else this.#point.say(this.#path, local ?? "", this.#text.trim());
    this.#text = "";
  }

  #finish(finished: TrackPoint): void {
    this.#point = undefined;
    const report = pointReport(finished, (message) => this.#fail(message));
    if (report === undefined) this.#skips.add("no-time", finished.line);
    else this.#reports.push(report);
  }

  #fail(message: string): never {
    const { line } = this.#parser;
    throw new CamfenceError("malformed", `${this.#file}:${line}: ${message}`, { file: this.#file, line });
  }
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
