import * as z from "zod";
import { parseIsoMs } from "../../src/core/time.ts";
import type { TrueTimes } from "../drive.ts";
import { IsoTime } from "./fields.ts";

/** When a zone restricts: the members of a zone file, of a scenario's zone as well. Absent: always. */
export const times = {
  validFrom: IsoTime.optional().describe("The zone restricts from then on."),
  validUntil: IsoTime.optional().describe("The zone restricts until then."),
  schedule: z
    .strictObject({
      timeZone: z
        .string()
        .refine(isTimeZone, 'an IANA time zone, such as "Asia/Shanghai"')
        .describe("Whose clocks the windows follow."),
      windows: z
        .array(
          z
            .strictObject({
              days: z
                .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
                .min(1)
                .optional(),
              from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day from "00:00" to "23:59"'),
              to: z
                .string()
                .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day from "00:00" to "24:00"'),
            })
            .refine(({ from, to }) => from !== to, "different times"),
        )
        .min(1),
    })
    .optional()
    .describe("The zone restricts within these windows; a `to` before its `from` is on the next day."),
};
type TimesInput = Readonly<z.infer<z.ZodObject<typeof times>>>;

export function timesOf({ validFrom, validUntil, schedule }: TimesInput): TrueTimes | null {
  if (validFrom === undefined && validUntil === undefined && schedule === undefined) return null;
  return {
    validFromMs: validFrom === undefined ? -Infinity : parseIsoMs(validFrom),
    validUntilMs: validUntil === undefined ? Infinity : parseIsoMs(validUntil),
    schedule:
      schedule === undefined
        ? null
        : {
            timeZone: schedule.timeZone,
            windows: schedule.windows.map(({ days = null, from, to }) => ({ days, from, to })),
          },
  };
}

function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }).format(0) !== "";
  } catch {
    return false;
  }
}
