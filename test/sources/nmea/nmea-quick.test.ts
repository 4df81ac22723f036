import { expect, it } from "vitest";
import { seededRandom } from "../../../src/core/random.ts";
import type { QuickSentence } from "../../../src/sources/nmea/nmea-quick.ts";
import { quickSentence } from "../../../src/sources/nmea/nmea-quick.ts";
import { sentenceIn } from "../../../src/sources/nmea/nmea-sentence.ts";
import { SENTENCE_TYPES, statementOf } from "../../../src/sources/nmea/nmea-statement.ts";
import { sentence } from "../../kit/drives.ts";

const PLAIN = [
  "GPRMC,081836.75,A,3751.65,S,14507.36,E,000.0,360.0,130998,011.3,E",
  "GNRMC,225446,A,4916.45,N,12311.12,W,000.5,054.7,191194,020.3,E,D",
  "GPRMC,080000.00,A,4806.00000,N,01130.12345,E,23.32,17.05,010326,,,A",
  "GNRMC,235959.999,A,0000.0000,S,00000.0000,W,,,290224,,,R,V",
  "GPGGA,172814.0,3723.46587704,N,12202.26957864,W,2,6,1.2,18.893,M,-25.669,M,2.0,0031",
  "GNGGA,080000.00,4806.00000,N,01130.12345,E,1,10,0.9,500.0,M,47.0,M,,",
  "GPGGA,080000.00,4806.1,N,01130.1,E,8,,,500.0,M,47.0,M,,",
  "GPGLL,4916.45,N,12311.12,W,225444,A",
  "GNGLL,3723.71721,N,12202.30001,W,172814.00,A,D",
  "GPVTG,054.7,T,034.4,M,005.5,N,010.2,K",
  "GNVTG,,T,,M,0.021,N,0.040,K,A",
  "GNGSA,A,3,01,02,12,14,17,19,22,24,25,31,32,,1.52,0.83,1.23",
  "GNGSA,M,2,65,,,,,,,,,,,,1.5,0.8,1.2,2",
  "GPGSV,3,1,11,03,03,111,00,04,15,270,00,06,01,010,00,13,06,292,00",
  "GPTXT,01,01,02,u-blox",
];
const ODD = [
  "0123456789.,-+*$NSEWAVDR \u00ff\u0000".split(""),
  ".0",
  ",,",
  "60",
  "181",
  "GLL",
  "VTG",
  "GSA",
  "GST",
  "0000000000000000",
].flat();

/** Within other bytes, as lines are in a file. */
function quickly(line: string): QuickSentence | null {
  const bytes = Buffer.from(`0,1*\n${line}\r\n${sentence(PLAIN[0] ?? "")}`, "latin1");
  return quickSentence(bytes, 5, 5 + line.length);
}

/** As the careful reader has it; undefined where it refuses the line. */
function slowly(line: string): QuickSentence | undefined {
  const framed = sentenceIn(line, "refuse");
  if (framed.kind !== "sentence") return undefined;
  const type = SENTENCE_TYPES.get(framed.type);
  if (type === undefined) return "unread";
  const statement = statementOf(type, framed.fields());
  return statement && { role: type.role, statement };
}

it("what most receivers write is read quickly, and as it is field by field", () => {
  for (const body of PLAIN) {
    const quick = quickly(sentence(body));
    expect(quick, body).not.toBeNull();
    expect(quick, body).toEqual(slowly(sentence(body)));
  }
});

it("whatever becomes of a sentence, the quick reader says the same or leaves it", () => {
  const random = seededRandom(5);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  let read = 0;
  for (let i = 0; i < 200_000; i++) {
    let body = pick(PLAIN);
    for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes--) {
      const at = Math.floor(random() * (body.length + 1));
      body =
        body.slice(0, at) + pick(random() < 0.3 ? [""] : ODD) + body.slice(at + Math.floor(random() * 3));
    }
    // Most with a checksum that holds: else nothing else would be tried.
    const whole = sentence(body);
    const line =
      random() < 0.9
        ? whole
        : pick([whole.toLowerCase(), `${whole} `, `x${whole}`, whole.slice(0, -1), `$${body}*00`]);
    const quick = quickly(line);
    if (quick === null) continue;
    read++;
    expect(quick, line).toEqual(slowly(line));
  }
  expect(read).toBeGreaterThan(10_000);
});

it("a receiver that lost its satellites, or says void, is left to the careful reader", () => {
  for (const body of [
    "GPRMC,081836,V,3751.65,S,14507.36,E,000.0,360.0,130998,011.3,E",
    "GPRMC,081836,A,3751.65,S,14507.36,E,000.0,360.0,130998,011.3,E,N",
    "GPGGA,080000.00,4806.1,N,01130.1,E,1,00,0.9,500.0,M,47.0,M,,",
    "GPGGA,080000.00,4806.1,N,01130.1,E,0,08,0.9,500.0,M,47.0,M,,",
    "GPGGA,080000.00,4806.1,N,01130.1,E,1,08,0.9",
    "GPGLL,4916.45,N,12311.12,W,225444,V",
    "GNGLL,3723.71721,N,12202.30001,W,172814.00,A,N",
    "GNVTG,,T,,M,0.021,N,0.040,K,N",
  ])
    expect(quickly(sentence(body)), body).toBeNull();
});
