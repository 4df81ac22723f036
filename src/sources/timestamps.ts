import { readFile, stat } from "node:fs/promises";
import { CamfenceError } from "../core/errors.ts";
import { parseUtcMs } from "./utc.ts";

/** A day at 36 Hz is 100 MB. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads a `timestamps.txt`: one capture time per line, as KITTI raw has it (`2011-09-26 13:02:25.964389445`), as
 * ISO 8601, or as seconds or milliseconds since the Unix epoch. Without a zone a time is UTC. Times must not go back.
 * Throws a CamfenceError naming file and line; answers undefined when there is no such file.
 */
export async function readTimestamps(file: string): Promise<readonly number[] | undefined> {
  const sizeBytes = await stat(file).then(
    (stats) => (stats.isFile() ? stats.size : undefined),
    () => undefined,
  );
  if (sizeBytes === undefined) return undefined;
  if (sizeBytes > MAX_BYTES)
    throw new CamfenceError("too-large", `${file}: over ${MAX_BYTES} bytes`, { file });
  const lines = (await readFile(file, "latin1")).trimEnd().split("\n");
  return lines.map((line, index) => {
    const timeMs = timestampMs(line.trim());
    if (Number.isNaN(timeMs))
      throw malformed(file, index, `"${line.trim().slice(0, 60)}" is no time; ${EXPECTED}`);
    const beforeMs = index === 0 ? timeMs : timestampMs(lines[index - 1]?.trim() ?? "");
    if (timeMs < beforeMs) throw malformed(file, index, "this time is before the one above it");
    return timeMs;
  });
}

/** Numbers under 10^11 are seconds (until the year 5138), from there on milliseconds (from 1973). */
function timestampMs(text: string): number {
  if (!/^\d{1,15}(?:\.\d{1,9})?$/.test(text)) return parseUtcMs(text);
  const value = Number(text);
  return Math.round(value < 1e11 ? value * 1000 : value);
}

function malformed(file: string, index: number, message: string): CamfenceError {
  const line = index + 1;
  return new CamfenceError("malformed", `${file}:${line}: ${message}`, { file, line });
}

const EXPECTED = "expected 2011-09-26 13:02:25.964, ISO 8601, or seconds or milliseconds since 1970";
