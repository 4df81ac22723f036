import { lineSplitter } from "../../core/lines.ts";

/** What ffmpeg says of a picture before it writes it. */
export interface PictureTiming {
  /** Its own clock, milliseconds from an arbitrary start; NaN where it states none. */
  readonly deviceMs: number;
  readonly bytes: number;
}

const MAX_LINE_BYTES = 1024;

/**
 * Reads the lines of ffmpeg's `framecrc` format: `#tb 0: 1/90000` gives the unit of times, and each line
 * `stream, dts, pts, duration, size, checksum` stands for one picture. Anything else is left out.
 */
export function timingReader(): (chunk: Uint8Array) => readonly PictureTiming[] {
  const lines = lineSplitter(MAX_LINE_BYTES);
  let unitMs = Number.NaN;
  return (chunk) =>
    lines.push(chunk).flatMap((line): PictureTiming[] => {
      if (line.kind === "too-long") return [];
      const unit = /^#tb 0: (\d+)\/(\d+)$/.exec(line.text);
      if (unit !== null) unitMs = (1000 * Number(unit[1])) / Number(unit[2]);
      const [stream, , pts, , size] = line.text.split(",");
      if (stream !== "0" || pts === undefined || size === undefined) return [];
      return [{ deviceMs: Number(pts) * unitMs, bytes: Number(size) }];
    });
}
