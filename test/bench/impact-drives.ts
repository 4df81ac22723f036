import { formatIso } from "../../src/core/time.ts";
import { planeAt, placeAt } from "../../src/core/plane.ts";
import { seededRandom } from "../../src/core/random.ts";
import { sentence } from "../kit/drives.ts";

/** What a receiver says of one epoch. */
interface Said {
  readonly timeMs: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly speedMps: number;
  readonly courseDeg: number;
  readonly hdop: number;
}

export const CENTRE = { latDeg: 48.1, lonDeg: 11.5 };
/** Drives begin within so many metres of the centre, to the north and to the east. */
export const TOWN_M = 20_000;

const HZ = 10;
const START_MS = Date.parse("2026-03-01T08:00:00Z");

/** An hour in town: streets of some hundred metres, crossings at walking pace, a stop now and then. */
export function* townDrive(seed: number, seconds: number): Generator<Said> {
  const random = seededRandom(seed);
  let place = placeAt(planeAt(CENTRE), TOWN_M * (2 * random() - 1), TOWN_M * (2 * random() - 1));
  let [speedMps, courseDeg, turnDegPerS, wantedMps] = [0, 360 * random(), 0, 14];
  let [east, north] = [0, 0];
  for (let i = 0; i <= seconds * HZ; i++) {
    if (i % (20 * HZ) === 0) [turnDegPerS, wantedMps] = [0, 3 + 19 * random()];
    if (i % (20 * HZ) === 17 * HZ) [turnDegPerS, wantedMps] = [60 * random() - 30, random() < 0.2 ? 0 : 5];
    speedMps += Math.max(-3, Math.min(2, wantedMps - speedMps)) / HZ;
    if (speedMps > 0.5) courseDeg = (courseDeg + turnDegPerS / HZ + 360) % 360;
    const stepM = speedMps / HZ;
    const course = (courseDeg * Math.PI) / 180;
    const plane = planeAt(place);
    place = placeAt(plane, stepM * Math.sin(course), stepM * Math.cos(course));
    // Errors that wander by a metre.
    east = 0.995 * east + 0.2 * (random() - 0.5);
    north = 0.995 * north + 0.2 * (random() - 0.5);
    const hdop = 0.7 + 0.4 * random();
    yield { timeMs: START_MS + (1000 / HZ) * i, ...placeAt(plane, east, north), speedMps, courseDeg, hdop };
  }
}

/** A drive as a file of its format. */
export type Format = (drive: Iterable<Said>) => string;

export const FORMATS: Readonly<Record<string, { readonly file: string; readonly write: Format }>> = {
  "NMEA, RMC and GGA": { file: "drive.nmea", write: (drive) => nmeaOf(drive, () => []) },
  "NMEA, all that a receiver sends": { file: "drive.nmea", write: (drive) => nmeaOf(drive, besides) },
  "gpsd JSON": { file: "drive.jsonl", write: gpsdOf },
  GPX: { file: "drive.gpx", write: gpxOf },
};

function nmeaOf(drive: Iterable<Said>, more: (said: Said, clock: string, where: string) => string[]): string {
  const lines: string[] = [];
  for (const said of drive) {
    const { timeMs, latDeg, lonDeg, speedMps, courseDeg, hdop } = said;
    const iso = formatIso(timeMs);
    const clock = iso.slice(11, 22).replaceAll(":", "");
    const where = `${minutes(latDeg, 2)},N,${minutes(lonDeg, 3)},E`;
    const date = `${iso.slice(8, 10)}${iso.slice(5, 7)}${iso.slice(2, 4)}`;
    const motion = `${(speedMps * 1.943_844).toFixed(3)},${courseDeg.toFixed(2)}`;
    lines.push(sentence(`GPRMC,${clock},A,${where},${motion},${date},,,A`));
    lines.push(sentence(`GPGGA,${clock},${where},1,12,${hdop.toFixed(2)},50.0,M,45.0,M,,`));
    lines.push(...more(said, clock, where));
  }
  return `${lines.join("\r\n")}\r\n`;
}

/** The rest of what u-blox receivers send unless told otherwise. */
function besides({ speedMps, courseDeg, hdop }: Said, clock: string, where: string): string[] {
  const [course, knots] = [courseDeg.toFixed(2), (speedMps * 1.943_844).toFixed(3)];
  const satellites = "01,40,083,46,02,17,308,41,12,07,344,39,14,22,228,45";
  return [
    sentence(`GPVTG,${course},T,,M,${knots},N,${(speedMps * 3.6).toFixed(3)},K,A`),
    sentence(`GPGSA,A,3,01,02,12,14,17,19,22,24,25,31,32,,1.52,${hdop.toFixed(2)},1.23`),
    ...[1, 2, 3].map((part) => sentence(`GPGSV,3,${part},12,${satellites}`)),
    sentence(`GPGLL,${where},${clock},A,A`),
  ];
}

function minutes(deg: number, degDigits: number): string {
  const whole = Math.floor(deg);
  return `${String(whole).padStart(degDigits, "0")}${((deg - whole) * 60).toFixed(5).padStart(8, "0")}`;
}

function gpsdOf(drive: Iterable<Said>): string {
  const lines = ['{"class":"VERSION","release":"3.22","rev":"3.22","proto_major":3,"proto_minor":14}'];
  for (const { timeMs, latDeg, lonDeg, speedMps, courseDeg, hdop } of drive) {
    const place = `"lat":${latDeg.toFixed(9)},"lon":${lonDeg.toFixed(9)},"altHAE":560.123,"alt":515.1`;
    const errors = `"epx":${(2 * hdop).toFixed(3)},"epy":${(2 * hdop).toFixed(3)},"epv":5.290`;
    lines.push(
      `{"class":"TPV","device":"/dev/ttyACM0","mode":3,"time":"${formatIso(timeMs)}","ept":0.005,${place},${errors},` +
        `"track":${courseDeg.toFixed(4)},"speed":${speedMps.toFixed(3)},"climb":0.010,"eps":0.41,"eph":${(3 * hdop).toFixed(3)},"sep":8.360}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function gpxOf(drive: Iterable<Said>): string {
  const points: string[] = [];
  for (const { timeMs, latDeg, lonDeg, speedMps, courseDeg, hdop } of drive) {
    points.push(
      `<trkpt lat="${latDeg.toFixed(8)}" lon="${lonDeg.toFixed(8)}"><ele>515.1</ele><time>${formatIso(timeMs)}</time>` +
        `<course>${courseDeg.toFixed(2)}</course><speed>${speedMps.toFixed(3)}</speed><hdop>${hdop.toFixed(2)}</hdop></trkpt>`,
    );
  }
  const head = '<gpx version="1.0" creator="bench" xmlns="http://www.topografix.com/GPX/1/0">';
  return `<?xml version="1.0"?>\n${head}<trk><trkseg>\n${points.join("\n")}\n</trkseg></trk></gpx>\n`;
}
