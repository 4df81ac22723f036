/**
 * The two Chinese datums by the formula that everyone uses, written out again so that no code is shared with what is judged:
 * GCJ-02 shifts a place by some hundred metres, differently from place to place; BD-09 turns and moves that once more.
 */
export type ChineseDatum = "gcj02" | "bd09";
type LonLat = readonly [lonDeg: number, latDeg: number];

/** Krassovsky 1940, as the formula has it. */
const SEMI_MAJOR_M = 6_378_245;
const ECCENTRICITY_2 = 0.006_693_421_622_965_943;
const BAIDU = (Math.PI * 3000) / 180;

export function intoChinese(datum: ChineseDatum, place: LonLat): LonLat {
  const shifted = intoGcj02(place);
  return datum === "gcj02" ? shifted : intoBd09(shifted);
}

/** There is no formula back: the place is looked for whose shifted one this is. */
export function outOfChinese(datum: ChineseDatum, [lonDeg, latDeg]: LonLat): LonLat {
  let found: LonLat = [lonDeg, latDeg];
  for (let round = 0; round < ROUNDS; round++) {
    const [lon, lat] = intoChinese(datum, found);
    found = [found[0] + lonDeg - lon, found[1] + latDeg - lat];
  }
  return found;
}

/** Each leaves a hundredth of the error. */
const ROUNDS = 10;

function intoGcj02([lonDeg, latDeg]: LonLat): LonLat {
  const [x, y] = [lonDeg - 105, latDeg - 35];
  const both = waves(x, [6, 20], [2, 20]);
  const northM =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * Math.sqrt(Math.abs(x)) +
    both +
    waves(y, [1, 20], [1 / 3, 40]) +
    waves(y, [1 / 12, 160], [1 / 30, 320]);
  const eastM =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * Math.sqrt(Math.abs(x)) +
    both +
    waves(x, [1, 20], [1 / 3, 40]) +
    waves(x, [1 / 12, 150], [1 / 30, 300]);
  const lat = (latDeg * Math.PI) / 180;
  const w2 = 1 - ECCENTRICITY_2 * Math.sin(lat) ** 2;
  const meridianM = (SEMI_MAJOR_M * (1 - ECCENTRICITY_2)) / w2 ** 1.5;
  const parallelM = (SEMI_MAJOR_M / Math.sqrt(w2)) * Math.cos(lat);
  const deg = 180 / Math.PI;
  return [lonDeg + (eastM / parallelM) * deg, latDeg + (northM / meridianM) * deg];
}

/** Two thirds of sines of `times`·π·t, each so high. */
function waves(t: number, ...sines: readonly (readonly [times: number, height: number])[]): number {
  return (2 / 3) * sines.reduce((sum, [times, height]) => sum + height * Math.sin(times * Math.PI * t), 0);
}

function intoBd09([x, y]: LonLat): LonLat {
  const away = Math.hypot(x, y) + 0.000_02 * Math.sin(y * BAIDU);
  const angle = Math.atan2(y, x) + 0.000_003 * Math.cos(x * BAIDU);
  return [away * Math.cos(angle) + 0.0065, away * Math.sin(angle) + 0.006];
}
