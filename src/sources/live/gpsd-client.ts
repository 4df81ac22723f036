import type { SchedulerLike } from "rxjs";
import { asyncScheduler } from "rxjs";
import * as z from "zod";
import { MAX_GPSD_LINE_BYTES } from "../line-bounds.ts";
import { gpsdConversation } from "./gpsd-conversation.ts";
import { LIVE_OPTIONS } from "./live-options.ts";
import type { LiveLink } from "./live-receiver.ts";
import { liveReceiver } from "./live-receiver.ts";
import { readLink } from "./read-reports.ts";
import type { Receiver } from "./receiver.ts";
import { tcpBytes } from "./tcp-bytes.ts";

export const GpsdOptions = z.strictObject({
  host: z.string().min(1).default("127.0.0.1"),
  port: z.int().min(1).max(65_535).default(2947),
  /** Which of gpsd's devices; absent = the first that speaks, until it falls silent. */
  device: z.string().min(1).optional(),
  ...LIVE_OPTIONS,
});
export type GpsdOptions = Readonly<z.infer<typeof GpsdOptions>>;

/**
 * Follows gpsd's JSON over TCP.
 *
 * Time: a TPV's own `time` is UTC, to gpsd's millisecond; see `clock` for how it becomes that of the shared clock.
 * Accuracy: GST's, else `eph`, else `epx` and `epy`, each taken as one sigma per axis (gpsd: "certainty unknown"), so
 * 2.45 times that; none where there is none, and then the policy's `assumedAccuracyM` counts.
 */
export function gpsdReceiver(options: GpsdOptions, scheduler: SchedulerLike = asyncScheduler): Receiver {
  const { host, port, device, maxBytesPerS } = options;
  const watch = { enable: true, json: true, ...(device === undefined ? {} : { device }) };
  const hello = `?WATCH=${JSON.stringify(watch)};\n`;
  const bytes = tcpBytes({ host, port, maxBytesPerS, hello }, scheduler);
  const link = (warn: (what: string) => void): LiveLink =>
    readLink(
      bytes,
      { ...options, assembler: gpsdConversation(device, warn), maxLineBytes: MAX_GPSD_LINE_BYTES },
      scheduler,
    );
  return liveReceiver({ name: `gpsd at ${host}:${port}`, link }, options, scheduler);
}
