import type { Random } from "../../src/core/random.ts";
import type { TrueTimes } from "../drive.ts";
import { wallClock } from "../truth/times.ts";

const PLACES = [
  "Asia/Shanghai",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
] as const;
const MINUTE_MS = 60_000;
/** Times change so soon after the start that a short drive sees it. */
const SOON_MS = 2 * MINUTE_MS;

/** A validity that begins or ends soon after the start of a drive, or a window that opens or closes then. */
export function generateTimes(startMs: number, random: Random): TrueTimes {
  const soonMs = startMs + Math.round(SOON_MS * random());
  const always = { validFromMs: -Infinity, validUntilMs: Infinity, schedule: null };
  switch (Math.floor(4 * random())) {
    case 0:
      return { ...always, validFromMs: soonMs };
    case 1:
      return { ...always, validUntilMs: soonMs };
    default:
      return { ...always, schedule: windowAt(soonMs, random) };
  }
}

/** A window that opens or closes with a minute, on the day on which it does. */
function windowAt(timeMs: number, random: Random): NonNullable<TrueTimes["schedule"]> {
  const timeZone = PLACES[Math.floor(random() * PLACES.length)] ?? PLACES[0];
  const opens = random() < 0.5;
  const awayMs = (1 + Math.floor(720 * random())) * MINUTE_MS;
  const at = wallClock(timeZone, timeMs);
  const other = wallClock(timeZone, opens ? timeMs + awayMs : timeMs - awayMs);
  const [from, to] = opens ? [at, other] : [other, at];
  const isEqual = from.time === to.time;
  const window = {
    days: random() < 0.5 ? [from.day] : null,
    from: from.time,
    to: isEqual ? "24:00" : to.time,
  };
  return { timeZone, windows: [window] };
}
