import * as z from "zod";

/** Numbered from Sunday, as in `ScheduleWindow`. */
export const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

const CLOCK = 'a time of day from "00:00" to "23:59"';
const CLOCK_TO = 'a time of day from "00:00" to "24:00"';

const Window = z
  .strictObject({
    days: z
      .array(z.enum(DAYS, 'days, such as ["mon", "tue"]'), 'days, such as ["mon", "tue"]')
      .min(1, "at least one day, or no `days` at all for every day")
      .describe("Days on which the window opens. Absent: every day.")
      .optional(),
    from: z
      .string(CLOCK)
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, CLOCK)
      .describe("Local time at which it opens."),
    to: z
      .string(CLOCK_TO)
      .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, CLOCK_TO)
      .describe("Local time at which it closes; on the next day when it is earlier than `from`."),
  })
  .refine((window) => window.from !== window.to, 'different times; a whole day is "00:00" to "24:00"');

const WINDOWS = "at least one window; no `schedule` at all means always";
/** The `schedule` of a zone in a file. */
export const ScheduleMember = z.strictObject({
  timeZone: z
    .string('an IANA time zone, such as "Asia/Shanghai"')
    .refine(isTimeZone, 'an IANA time zone, such as "Asia/Shanghai"')
    .describe("IANA time zone whose clock the windows follow, such as Asia/Shanghai."),
  windows: z.array(Window, WINDOWS).min(1, WINDOWS),
});

/** Whether `Intl` knows the zone by that name. */
export function isTimeZone(value: string): boolean {
  // An offset such as +08:00 is accepted by newer versions of Intl, but follows no clock.
  if (!/^[A-Za-z]/.test(value)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone.length > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
