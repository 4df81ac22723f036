import { formatIso } from "../../src/core/time.ts";
import type { Position } from "../../src/core/position.ts";
import type { GnssReport } from "../../src/sources/fix.ts";
import { nmeaAssembler } from "../../src/sources/nmea/nmea.ts";

/** What the NMEA source makes of a receiver that gives a position with quality 0 (GGA), as one camera's did. */
export function quality0At(timeMs: number, position: Position): GnssReport | null {
  const iso = formatIso(timeMs);
  const clock = `${iso.slice(11, 19).replaceAll(":", "")}.${iso.slice(20, 23)}`;
  const date = `${iso.slice(8, 10)}${iso.slice(5, 7)}${iso.slice(2, 4)}`;
  const place = `${angle(position.latDeg, 2, "NS")},${angle(position.lonDeg, 3, "EW")}`;
  const assembler = nmeaAssembler();
  const first = assembler.push(sentence(`GPRMC,${clock},A,${place},0.0,0.0,${date},,`));
  const second = assembler.push(sentence(`GPGGA,${clock},${place},0,00,,,M,,M,,`));
  return first ?? second ?? assembler.flush() ?? null;
}

function angle(deg: number, digits: number, [plus, minus]: string): string {
  const whole = Math.floor(Math.abs(deg));
  const minutes = ((Math.abs(deg) - whole) * 60).toFixed(5).padStart(8, "0");
  return `${String(whole).padStart(digits, "0")}${minutes},${deg < 0 ? minus : plus}`;
}

function sentence(body: string): string {
  let sum = 0;
  for (const char of body) sum ^= char.charCodeAt(0);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, "0")}`;
}
