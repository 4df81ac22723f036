import type { Position } from "../../../src/core/position.ts";

export interface NmeaState extends Position {
  readonly timeMs: number;
  readonly speedMps?: number;
  readonly courseDeg?: number;
  readonly hdop?: number;
  /** GGA's quality; 0 = no fix. */
  readonly quality?: number;
}

/** One epoch as receivers write it: RMC and GGA. */
export function nmeaEpoch(state: NmeaState): string {
  const { timeMs, speedMps = 0, courseDeg = 0, hdop = 0.2, quality = 1 } = state;
  const at = new Date(timeMs).toISOString();
  const time = `${at.slice(11, 19).replaceAll(":", "")}.${at.slice(20, 22)}`;
  const date = `${at.slice(8, 10)}${at.slice(5, 7)}${at.slice(2, 4)}`;
  const where = `${degrees(state.latDeg, 2, "N", "S")},${degrees(state.lonDeg, 3, "E", "W")}`;
  const knots = (speedMps / 0.514444).toFixed(4);
  const valid = quality === 0 ? "V" : "A";
  return (
    sentence(
      `GPRMC,${time},${valid},${where},${knots},${courseDeg.toFixed(2)},${date},,,${quality === 0 ? "N" : "A"}`,
    ) + sentence(`GPGGA,${time},${where},${quality},12,${hdop},0.0,M,0.0,M,,`)
  );
}

function degrees(deg: number, digits: number, plus: string, minus: string): string {
  const abs = Math.abs(deg);
  const whole = Math.floor(abs);
  const minutes = ((abs - whole) * 60).toFixed(7).padStart(10, "0");
  return `${String(whole).padStart(digits, "0")}${minutes},${deg < 0 ? minus : plus}`;
}

export function sentence(body: string): string {
  let sum = 0;
  for (const char of body) sum ^= char.charCodeAt(0);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, "0")}\r\n`;
}
