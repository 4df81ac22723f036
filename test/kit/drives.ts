import { formatIso } from "../../src/core/time.ts";
import { writeTemp } from "./cli.ts";

export const T0_MS = Date.parse("2026-03-01T08:00:00Z");
const DEG = 180 / Math.PI;
const METRES_PER_DEG = 111_195;

export interface Straight {
  /** Where the drive is at second 0. */
  readonly latDeg: number;
  readonly lonDeg: number;
  /** Eastwards. */
  readonly speedMps: number;
  readonly seconds: number;
}

/** RMC and GGA once a second along a parallel, as a receiver with HDOP 0.5 and differential corrections gives them. */
export function nmeaEastwards({ latDeg, lonDeg, speedMps, seconds }: Straight): string {
  const perSecondDeg = speedMps / (METRES_PER_DEG * Math.cos(latDeg / DEG));
  const lines: string[] = [];
  for (let s = 0; s <= seconds; s++) {
    const time = formatIso(T0_MS + 1000 * s);
    const clock = `${time.slice(11, 19).replaceAll(":", "")}.00`;
    const date = `${time.slice(8, 10)}${time.slice(5, 7)}${time.slice(2, 4)}`;
    const place = `${minutes(latDeg, 2)},N,${minutes(lonDeg + s * perSecondDeg, 3)},E`;
    const knots = (speedMps * 1.943_844).toFixed(3);
    lines.push(sentence(`GPRMC,${clock},A,${place},${knots},90.0,${date},,,D`));
    lines.push(sentence(`GPGGA,${clock},${place},2,12,0.5,50.0,M,45.0,M,,`));
  }
  return `${lines.join("\r\n")}\r\n`;
}

export function nmeaFile(drive: Straight): string {
  return writeTemp("drive.nmea", nmeaEastwards(drive));
}

function minutes(deg: number, degDigits: number): string {
  const whole = Math.floor(deg);
  return `${String(whole).padStart(degDigits, "0")}${((deg - whole) * 60).toFixed(6).padStart(9, "0")}`;
}

export function sentence(body: string): string {
  let sum = 0;
  for (const char of body) sum ^= char.charCodeAt(0);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, "0")}`;
}
