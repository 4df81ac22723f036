import * as z from "zod";
import { daylightRange, DAYLIGHT_EVENTS, type Extent } from "./daylight.ts";

/**
 * Daily periods of ED-269 and ED-318 as windows of a zone file on the clock of UTC. A window may open earlier and close later
 * than the source says, never the other way: seconds go to whole minutes, and daylight events, which move through
 * the year and over the area, to their earliest and latest.
 */

const TIME = /^([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;
const EdTime = z.string().regex(TIME, 'a time of day with its zone, such as "16:00:00Z"');
const Event = z.enum(DAYLIGHT_EVENTS, DAYLIGHT_EVENTS.join(", "));
const DAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN", "ANY"] as const;
export const EdDay = z.enum(DAYS, DAYS.join(", "));

const nullish = <T extends z.ZodType>(schema: T) => schema.nullish();

export const DailyPeriod = z.strictObject({
  day: z.array(EdDay),
  startTime: nullish(EdTime),
  startEvent: nullish(Event),
  endTime: nullish(EdTime),
  endEvent: nullish(Event),
});
type DailyPeriod = z.infer<typeof DailyPeriod>;

export interface ScheduleWindow {
  readonly days?: readonly string[];
  readonly from: string;
  readonly to: string;
}

export interface EdSchedule {
  /** null = always. */
  readonly schedule: { readonly timeZone: "UTC"; readonly windows: readonly ScheduleWindow[] } | null;
  /** What was made wider, for the person who converts; empty where nothing was. */
  readonly widened: readonly string[];
}

export function toSchedule(periods: readonly DailyPeriod[], extent: Extent | null): EdSchedule {
  const given = periods.filter(({ day, ...times }) => day.length > 0 || Object.values(times).some(Boolean));
  const spans = given.map((period) => spanOf(period, extent));
  const widened = [...new Set(spans.flatMap(({ note }) => (note === null ? [] : [note])))];
  const windows = spans.flatMap(({ fromMin, toMin }, index) =>
    windowsOf(given[index]?.day ?? [], fromMin, toMin),
  );
  if (windows.length === 0 || windows.some(isAlways)) return { schedule: null, widened };
  return { schedule: { timeZone: "UTC", windows }, widened };
}

const DAY_MIN = 24 * 60;

/** Minutes after midnight UTC of the named day; may lie before 0 and after 1440. */
interface Span {
  readonly fromMin: number;
  readonly toMin: number;
  readonly note: string | null;
}

const ALL_DAY: Span = { fromMin: 0, toMin: DAY_MIN, note: null };

function spanOf({ startTime, startEvent, endTime, endEvent }: DailyPeriod, extent: Extent | null): Span {
  const start = startEvent ? daylightRange(startEvent, extent) : null;
  const end = endEvent ? daylightRange(endEvent, extent) : null;
  const events = [startEvent, endEvent].filter(Boolean).join(" to ");
  if ((startEvent && start === null) || (endEvent && end === null))
    return { ...ALL_DAY, note: `${events}: on some days of the year there is none; restricted all day` };
  const fromMin = start ? Math.floor(start.earliestMin) : startTime ? minutesOf(startTime, Math.floor) : 0;
  let toMin = end ? Math.ceil(end.latestMin) : endTime ? minutesOf(endTime, Math.ceil) : DAY_MIN;
  while (toMin <= fromMin) toMin += DAY_MIN;
  const note = events === "" ? null : `${events}: from its earliest to its latest of the whole year, in UTC`;
  return { fromMin, toMin, note };
}

function minutesOf(time: string, round: (value: number) => number): number {
  const [, hours = "0", minutes = "0", seconds = "0", zone = "Z"] = TIME.exec(time) ?? [];
  const sign = zone.startsWith("-") ? 1 : -1;
  const offsetMin = zone === "Z" ? 0 : sign * (60 * Number(zone.slice(1, 3)) + Number(zone.slice(-2)));
  return 60 * Number(hours) + Number(minutes) + round(Number(seconds) / 60) + offsetMin;
}

/**
 * The windows of a span on its days. Where UTC is on another day than the place, a named day may mean either: both are
 * restricted.
 */
function windowsOf(days: readonly z.infer<typeof EdDay>[], fromMin: number, toMin: number): ScheduleWindow[] {
  if (toMin - fromMin >= DAY_MIN) return [{ from: "00:00", to: "24:00" }];
  const shift = Math.floor(fromMin / DAY_MIN);
  const [from, to] = [fromMin - shift * DAY_MIN, toMin - shift * DAY_MIN];
  const clock = { from: clockOf(from), to: clockOf(to > DAY_MIN ? to - DAY_MIN : to) };
  if (days.length === 0 || days.includes("ANY")) return [clock];
  const named = days.map((day) => WEEK.indexOf(day));
  const shifts = shift === 0 ? [0] : [0, shift];
  const opened = new Set(shifts.flatMap((by) => named.map((day) => (((day + by) % 7) + 7) % 7)));
  return [
    { days: [...opened].toSorted((a, b) => a - b).map((day) => WEEK[day]?.toLowerCase() ?? ""), ...clock },
  ];
}

const WEEK = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const isAlways = ({ days, from, to }: ScheduleWindow) =>
  days === undefined && from === "00:00" && to === "24:00";

const clockOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
