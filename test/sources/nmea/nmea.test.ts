import { describe, expect, test } from "vitest";
import { nmeaAssembler } from "../../../src/sources/nmea/nmea.ts";
import { CIRCULAR_95_PER_SIGMA } from "../../../src/sources/accuracy.ts";
import { hear, hearNmea, onlyFix, reasons, sentence } from "../receiver.ts";

const RMC = "GPRMC,120000.00,A,4807.03810,N,01131.32400,E,10.00,84.40,010326,,,A";
const GGA = "GPGGA,120000.00,4807.03810,N,01131.32400,E,1,08,0.90,545.4,M,46.9,M,,";
const noon = Date.parse("2026-03-01T12:00:00Z");

/** One unit of the fifth decimal of a minute, across the diagonal. */
const rounding5M = (Math.SQRT2 * 111_700) / 60 / 1e5;

/** Replaces the n-th field; field 0 is the address. */
function withField(body: string, n: number, value: string): string {
  return body
    .split(",")
    .map((field, index) => (index === n ? value : field))
    .join(",");
}

describe("an epoch", () => {
  test("is one fix made of all sentences with its time", () => {
    const fix = onlyFix(hearNmea([RMC, GGA]));
    expect(fix.timeMs).toBe(noon);
    expect(fix.latDeg).toBeCloseTo(48 + 7.0381 / 60, 12);
    expect(fix.lonDeg).toBeCloseTo(11 + 31.324 / 60, 12);
    expect(fix.speedMps).toBeCloseTo((10 * 1852) / 3600, 12);
    expect(fix).toMatchObject({ courseDeg: 84.4, quality: "autonomous" });
    expect(fix.accuracyM).toBeCloseTo(0.9 * 15 + rounding5M, 6);
  });

  test("of the south and west has negative coordinates", () => {
    const fix = onlyFix(hearNmea([withField(withField(RMC, 4, "S"), 6, "W")]));
    expect(fix).toMatchObject({ latDeg: -(48 + 7.0381 / 60), lonDeg: -(11 + 31.324 / 60) });
  });

  test.each(["GP", "GN", "GL", "GA", "GB", "BD", "GQ", "IN"])("may come from talker %s", (talker) => {
    expect(onlyFix(hearNmea([talker + RMC.slice(2)])).timeMs).toBe(noon);
  });

  test("is complete when the next one begins", () => {
    const assembler = nmeaAssembler();
    const next = (body: string) => assembler.push(sentence(body));
    expect(next(RMC)).toBeUndefined();
    expect(next(GGA)).toBeUndefined();
    expect(next(withField(RMC, 1, "120001.00"))).toMatchObject({ timeMs: noon });
    expect(assembler.flush()).toMatchObject({ timeMs: noon + 1000 });
    expect(assembler.flush()).toBeUndefined();
  });

  test("takes speed and course from VTG when RMC has none", () => {
    const vtg = "GPVTG,90.0,T,,M,20.0,N,37.0,K,A";
    const fix = onlyFix(hearNmea([withField(withField(RMC, 7, ""), 8, ""), vtg]));
    expect(fix).toMatchObject({ courseDeg: 90 });
    expect(fix.speedMps).toBeCloseTo((20 * 1852) / 3600, 12);
    expect(onlyFix(hearNmea([RMC, vtg]))).toMatchObject({ courseDeg: 84.4 });
    expect(
      onlyFix(hearNmea([withField(withField(RMC, 7, ""), 8, ""), vtg.replace(",K,A", ",K,N")])),
    ).toMatchObject({
      courseDeg: null,
      speedMps: null,
    });
  });

  test("takes the place with more digits, whatever the order", () => {
    const coarse = "GPGLL,4807.04,N,01131.32,E,120000.00,A,A";
    for (const order of [
      [RMC, coarse],
      [coarse, RMC],
    ]) {
      expect(onlyFix(hearNmea(order)).latDeg).toBeCloseTo(48 + 7.0381 / 60, 12);
    }
  });
});

describe("accuracy", () => {
  const gst = "GPGST,120000.00,12.0,3.0,2.0,45.0,2.5,2.6,4.0";

  test.each<[string, readonly string[], number]>([
    ["comes from GST's larger axis before HDOP", [RMC, GGA, gst], 3 * CIRCULAR_95_PER_SIGMA],
    ["takes a GST that comes before its epoch", [gst, RMC, GGA], 3 * CIRCULAR_95_PER_SIGMA],
    [
      "takes the larger of GST's axes, whichever it is",
      [RMC, withField(gst, 4, "5.0")],
      5 * CIRCULAR_95_PER_SIGMA,
    ],
    [
      "takes GST's north and east when it has no ellipse",
      [RMC, withField(withField(gst, 3, ""), 4, "")],
      Math.hypot(2.5, 2.6) * CIRCULAR_95_PER_SIGMA,
    ],
    ["does not take a GST of another time", [RMC, GGA, withField(gst, 1, "115959.00")], 0.9 * 15],
    [
      "takes a sigma of zero for unknown",
      [RMC, GGA, withField(gst, 3, "0.0").replace(",2.0,", ",0.0,")],
      0.9 * 15,
    ],
    ["is HDOP × 15 m without correction", [RMC, GGA], 0.9 * 15],
    ["is HDOP × 3.75 m with correction", [withField(RMC, 12, "D"), withField(GGA, 6, "2")], 0.9 * 3.75],
    ["takes HDOP from GSA without GGA", [RMC, "GPGSA,A,3,01,02,03,04,,,,,,,,,2.0,1.5,1.2"], 1.5 * 15],
    ["takes the worse of two HDOP", [RMC, GGA, "GNGSA,A,3,01,02,03,04,,,,,,,,,2.0,1.5,1.2,1"], 1.5 * 15],
  ])("%s", (_, bodies, expected) => {
    expect(onlyFix(hearNmea(bodies)).accuracyM).toBeCloseTo(expected + rounding5M, 6);
  });

  test.each<[string, readonly string[]]>([
    ["without GST and HDOP", [RMC]],
    ["with an HDOP of zero", [RMC, withField(GGA, 8, "0.0")]],
    ["of dead reckoning by HDOP", [withField(RMC, 12, "E"), withField(GGA, 6, "6")]],
    ["of a typed-in place by HDOP", [withField(RMC, 12, "M"), withField(GGA, 6, "7")]],
    [
      "by a GSA that lists more satellites than the standard",
      [RMC, `GPGSA,A,3${",05".repeat(24)},2.0,1.5,1.2`],
    ],
  ])("is unknown %s", (_, bodies) => {
    expect(onlyFix(hearNmea(bodies)).accuracyM).toBeNull();
  });

  test("holds what the digits leave open", () => {
    const coarse = withField(withField(GGA, 2, "4807.04"), 4, "01131.32");
    const fix = onlyFix(hearNmea([coarse, withField(withField(RMC, 3, "4807.04"), 5, "01131.32")]));
    expect(fix.accuracyM).toBeCloseTo(0.9 * 15 + (Math.SQRT2 * 111_700) / 60 / 100, 6);
  });
});

describe("quality", () => {
  test.each([
    ["1", "A", "autonomous"],
    ["2", "D", "differential"],
    ["3", "P", "autonomous"],
    ["4", "R", "rtk-fixed"],
    ["5", "F", "rtk-float"],
    ["6", "E", "estimated"],
    ["7", "M", "manual"],
    ["8", "S", "simulated"],
    ["9", "D", "differential"],
    ["2", "", "differential"],
    ["4", "A", "autonomous"],
    ["8", "A", "simulated"],
    ["1", "S", "simulated"],
  ])("GGA %s and RMC mode %s is %s", (gga, mode, quality) => {
    expect(onlyFix(hearNmea([withField(RMC, 12, mode), withField(GGA, 6, gga)])).quality).toBe(quality);
  });

  test.each([
    ["AAN", "autonomous"],
    ["DDN", "differential"],
    ["RRD", "differential"],
    ["NNE", "estimated"],
    ["AS", "simulated"],
  ])("GNS %s is %s", (modes, quality) => {
    const gns = `GNGNS,120000.00,4807.03810,N,01131.32400,E,${modes},08,0.9,545.4,46.9,,`;
    expect(onlyFix(hearNmea([withField(RMC, 12, ""), gns])).quality).toBe(quality);
  });
});

describe("no fix", () => {
  const gll = "GPGLL,4807.03810,N,01131.32400,E,120000.00,A,A";
  test.each<[string, readonly string[]]>([
    ["RMC status V", [withField(RMC, 2, "V")]],
    ["RMC mode N", [withField(RMC, 12, "N")]],
    ["GGA quality 0", [withField(GGA, 6, "0"), RMC]],
    ["GGA by no satellites", [withField(GGA, 7, "00"), RMC]],
    ["GLL status V", [RMC, withField(gll, 6, "V")]],
    ["GNS of N only", [RMC, "GNGNS,120000.00,4807.03810,N,01131.32400,E,NNN,08,0.9,545.4,46.9,,"]],
    ["GSA mode 1", [RMC, GGA, "GPGSA,A,1,,,,,,,,,,,,,,,"]],
    ["a good GGA after a void RMC", [withField(RMC, 2, "V"), GGA]],
    ["a void RMC after a good GGA", [GGA, withField(RMC, 2, "V")]],
    ["places that contradict each other", [RMC, withField(GGA, 2, "4807.04200")]],
    ["a contradiction over three sentences", [RMC, GGA, withField(gll, 1, "4807.03400")]],
  ])("follows from %s", (_, bodies) => {
    expect(hearNmea(bodies).reports).toEqual([{ timeMs: noon, quality: "none" }]);
  });

  test("does not follow from one constellation without a part in it", () => {
    const gsa = ["GNGSA,A,1,,,,,,,,,,,,,,,", "GNGSA,A,3,01,02,03,04,,,,,,,,,2.0,0.9,1.2"];
    expect(onlyFix(hearNmea([RMC, GGA, ...gsa])).quality).toBe("autonomous");
  });

  test("does not follow from a simulator that counts no satellites", () => {
    const simulated = withField(withField(GGA, 6, "8"), 7, "00");
    expect(onlyFix(hearNmea([RMC, simulated])).quality).toBe("simulated");
  });

  test("a small contradiction widens the radius instead", () => {
    const shifted = withField(GGA, 2, "4807.03910");
    const apartM = (0.001 / 60) * 111_700 - rounding5M;
    expect(onlyFix(hearNmea([RMC, shifted])).accuracyM).toBeCloseTo(0.9 * 15 + rounding5M + apartM, 3);
  });

  test("rounding of coarse digits is no contradiction", () => {
    const fix = onlyFix(hearNmea([RMC, GGA, "GPGLL,4807.03,N,01131.33,E,120000.00,A,A"]));
    expect(fix.accuracyM).toBeCloseTo(0.9 * 15 + rounding5M, 6);
  });

  test("a contradiction is counted", () => {
    expect(reasons(hearNmea([RMC, withField(GGA, 2, "4808.00000")]))).toEqual(["1 conflict"]);
  });

  test("a void without a time cannot be placed and ends the epoch before it", () => {
    const assembler = nmeaAssembler();
    assembler.push(sentence(RMC));
    expect(assembler.push(sentence("GPRMC,,V,,,,,,,,,,N"))).toMatchObject({
      timeMs: noon,
      quality: "autonomous",
    });
    expect(assembler.flush()).toBeUndefined();
    expect(assembler.skipped()).toEqual([{ reason: "no-time", count: 1, firstLine: 2 }]);
  });
});

describe("a sentence is refused", () => {
  const good = sentence(RMC);
  test.each([
    ["with a wrong checksum", good.replace("10.00", "10.01"), "1 checksum"],
    ["with half a checksum", good.slice(0, -1), "1 truncated"],
    ["with no checksum after the star", good.slice(0, -2), "1 truncated"],
    ["with something after the checksum", `${good}7`, "1 truncated"],
    ["without a checksum", `$${RMC}`, "1 no-checksum"],
    ["with a latitude over 90", sentence(withField(RMC, 3, "9007.0381")), "1 malformed"],
    ["with a longitude over 180", sentence(withField(RMC, 5, "18031.324")), "1 malformed"],
    ["with 60 minutes", sentence(withField(RMC, 3, "4860.0000")), "1 malformed"],
    ["with a short longitude", sentence(withField(RMC, 5, "1131.324")), "1 malformed"],
    ["with a wrong hemisphere", sentence(withField(RMC, 4, "E")), "1 malformed"],
    ["without a hemisphere", sentence(withField(RMC, 4, "")), "1 malformed"],
    ["valid but without a place", sentence("GPRMC,120000.00,A,,,,,10.00,84.40,010326,,,A"), "1 malformed"],
    ["with an hour of 24", sentence(withField(RMC, 1, "240000.00")), "1 malformed"],
    ["with a second of 61", sentence(withField(RMC, 1, "120061.00")), "1 malformed"],
    ["with a month of 13", sentence(withField(RMC, 9, "011326")), "1 malformed"],
    ["with a month of 0", sentence(withField(RMC, 9, "010026")), "1 malformed"],
    ["with the 31st of February", sentence(withField(RMC, 9, "310226")), "1 malformed"],
    ["with a year of minus one", sentence(withField(RMC, 9, "2208-1")), "1 malformed"],
    ["with a negative speed", sentence(withField(RMC, 7, "-1.0")), "1 malformed"],
    ["with a course over 360", sentence(withField(RMC, 8, "360.1")), "1 malformed"],
    ["with a word for a number", sentence(withField(RMC, 7, "NaN")), "1 malformed"],
    ["with an unknown status", sentence(withField(RMC, 2, "B")), "1 malformed"],
    ["with an unknown mode", sentence(withField(RMC, 12, "Z")), "1 malformed"],
    ["with an unknown quality", sentence(withField(GGA, 6, "10")), "1 malformed"],
    ["with too few fields", sentence("GPRMC,120000.00,A"), "1 malformed"],
  ])("%s", (_, line, reason) => {
    const heard = hear(nmeaAssembler(), line);
    expect(heard.reports).toEqual([]);
    expect(reasons(heard)).toEqual([reason]);
  });

  test("but without a checksum taken when the options say so", () => {
    expect(onlyFix(hear(nmeaAssembler({ missingChecksum: "accept" }), `$${RMC}`)).timeMs).toBe(noon);
    const wrong = hear(nmeaAssembler({ missingChecksum: "accept" }), sentence(RMC).replace("10.00", "10.01"));
    expect(wrong.reports).toEqual([]);
  });

  test.each([
    ["RMC", RMC, 9],
    ["GGA", GGA, 9],
    ["GNS", "GNGNS,120000.00,4807.03810,N,01131.32400,E,AA,08,12.5,545.4,46.9,,", 9],
    ["GST", "GPGST,120000.00,12.0,3.0,2.0,45.0,2.5,2.6,4.0", 8],
    ["VTG", "GPVTG,90.0,T,,M,20.0,N,37.0,K,A", 7],
  ])(
    "%s when it is cut off before the fields that count, even without a checksum to show it",
    (_, body, fields) => {
      const cut = body.split(",").slice(0, fields).join(",");
      const heard = hear(nmeaAssembler({ missingChecksum: "accept" }), `$${cut}`);
      expect(heard.reports).toEqual([]);
      expect(reasons(heard)).toEqual(["1 malformed"]);
    },
  );

  test("when its line is longer than the bound, and the next is read", () => {
    const heard = hear(nmeaAssembler(), `$${"A".repeat(5000)}\n${sentence(RMC)}`);
    expect(heard.reports).toHaveLength(1);
    expect(heard.skipped).toEqual([{ reason: "too-long", count: 1, firstLine: 1 }]);
  });

  test("by nobody when it is a maker's own: $PGRMC is no RMC", () => {
    const heard = hear(nmeaAssembler(), sentence(`P${RMC.slice(1)}`));
    expect(heard).toEqual({ reports: [], skipped: [] });
  });
});

describe("what surrounds a sentence is ignored", () => {
  test.each([
    ["a time stamp of the logger", `2026-03-01T12:00:00.123 ${sentence(RMC)}`],
    ["binary data with a dollar sign", `\xb5b\x01$\x07\0\xff${sentence(RMC)}`],
    ["the start of a sentence that was cut off", `$GPGGA,115959.00,48${sentence(RMC)}`],
    ["a comment that holds a sentence", `# ${sentence(withField(RMC, 2, "V"))}\n${sentence(RMC)}`],
    ["comments and AIS", `# $GPRMC\n!AIVDM,1,1,,B,177KQJ5000G?tO\`K>RA1wUbN0TKH,0*5C\n${sentence(RMC)}`],
    ["blanks at the end", `${sentence(RMC)}  \r\n`],
    ["a byte order mark", `\xef\xbb\xbf${sentence(RMC)}`],
  ])("%s", (_, text) => {
    expect(onlyFix(hear(nmeaAssembler(), text)).timeMs).toBe(noon);
  });
});
