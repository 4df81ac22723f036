import { formatIso } from "../../core/time.ts";
import type { VerdictRecord } from "../../gate/record.ts";

/**
 * One line of `verdicts.jsonl`. Written by hand: a replay writes over a hundred thousand a second. Metres to the
 * millimetre, degrees to 1e-8 (a millimetre).
 */
export function verdictLine(record: VerdictRecord): string {
  const { timeMs, camera, seq, action, reason, zones, detail } = record;
  return (
    `{"time":"${isoOf(timeMs)}","camera":${quoted(camera)},"seq":${seq},"action":"${action}","reason":"${reason}",` +
    `"zones":${zones.length === 0 ? "[]" : JSON.stringify(zones)},"lonDeg":${rounded(record.lonDeg, 1e8)},` +
    `"latDeg":${rounded(record.latDeg, 1e8)},"radiusM":${rounded(record.radiusM, 1e3)},` +
    `"clearanceM":${rounded(record.clearanceM, 1e3)},"region":${record.region === null ? "null" : quoted(record.region)}` +
    `${detail === undefined ? "" : `,"detail":${JSON.stringify(detail)}`}}\n`
  );
}

function rounded(value: number | null, scale: number): string {
  return value === null ? "null" : String(Math.round(value * scale) / scale);
}

const knownTexts = new Map<string, string>();

/** Camera and region names repeat. */
function quoted(text: string): string {
  let known = knownTexts.get(text);
  if (known === undefined) {
    known = JSON.stringify(text);
    if (knownTexts.size < 1000) knownTexts.set(text, known);
  }
  return known;
}

let lastSecondMs = Number.NaN;
let lastSecondText = "";

/** Frames of a second share all but the milliseconds. */
function isoOf(timeMs: number): string {
  const wholeMs = Math.round(timeMs);
  const secondMs = Math.floor(wholeMs / 1000) * 1000;
  if (secondMs !== lastSecondMs) {
    lastSecondMs = secondMs;
    lastSecondText = formatIso(secondMs).slice(0, -4);
  }
  return `${lastSecondText}${String(wholeMs - secondMs).padStart(3, "0")}Z`;
}
