import type { Readable } from "node:stream";
import type { Observable, SchedulerLike } from "rxjs";
import { asyncScheduler } from "rxjs";
import * as z from "zod";
import { MAX_NMEA_LINE_BYTES } from "../line-bounds.ts";
import { nmeaAssembler } from "../nmea/nmea.ts";
import type { LiveOptions } from "./live-options.ts";
import { LIVE_OPTIONS } from "./live-options.ts";
import { liveReceiver } from "./live-receiver.ts";
import { readLink } from "./read-reports.ts";
import { readableBytes } from "./readable-bytes.ts";
import type { Receiver } from "./receiver.ts";
import { serialBytes } from "./serial-bytes.ts";
import { tcpBytes } from "./tcp-bytes.ts";
import { udpBytes } from "./udp-bytes.ts";

/*
 * NMEA 0183 of any talker (GP, GN, GL, GA, GB, BD, GQ, …), live.
 *
 * Time: the sentences' own UTC, in the digits that the receiver sends (often 0.01 s); see `clock` for how it becomes
 * that of the shared clock. Accuracy: GST's ellipse, else HDOP times gpsd's error per unit (15 m, 3.75 m with
 * corrections), with what the digits leave open; none where there is neither, and then the policy's
 * `assumedAccuracyM` counts. Nothing on these lines is authenticated: whoever can write to them moves the vehicle.
 */
const NMEA_OPTIONS = {
  /** Sentences without `*hh`: they may be cut off without a sign of it. */
  missingChecksum: z.enum(["refuse", "accept"]).default("refuse"),
  ...LIVE_OPTIONS,
};
const port = z.int().min(1).max(65_535);

const BAUDS = [
  4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600,
] as const satisfies readonly number[];

export const NmeaSerialOptions = z.strictObject({
  path: z.string().min(1),
  baud: z.literal(BAUDS).default(9600),
  ...NMEA_OPTIONS,
});
export type NmeaSerialOptions = Readonly<z.infer<typeof NmeaSerialOptions>>;
export const NmeaTcpOptions = z.strictObject({ host: z.string().min(1), port, ...NMEA_OPTIONS });
export type NmeaTcpOptions = Readonly<z.infer<typeof NmeaTcpOptions>>;
export const NmeaUdpOptions = z.strictObject({
  /** Where to listen. */
  host: z.string().min(1).default("127.0.0.1"),
  port,
  ...NMEA_OPTIONS,
});
export type NmeaUdpOptions = Readonly<z.infer<typeof NmeaUdpOptions>>;
export const NmeaStdinOptions = z.strictObject(NMEA_OPTIONS);
export type NmeaStdinOptions = Readonly<z.infer<typeof NmeaStdinOptions>>;

/** A serial line (UART, USB). */
export function nmeaSerialReceiver(
  options: NmeaSerialOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Receiver {
  return nmeaReceiver(`NMEA on ${options.path}`, serialBytes(options, scheduler), options, scheduler);
}

/** A server that sends sentences over TCP. */
export function nmeaTcpReceiver(
  options: NmeaTcpOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Receiver {
  const name = `NMEA from ${options.host}:${options.port}`;
  return nmeaReceiver(name, tcpBytes(options, scheduler), options, scheduler);
}

/** Datagrams that one sender sends here. */
export function nmeaUdpReceiver(
  options: NmeaUdpOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Receiver {
  const name = `NMEA datagrams to ${options.host}:${options.port}`;
  return nmeaReceiver(name, udpBytes(options, scheduler), options, scheduler);
}

/** A stream that is open already and ends for good. */
export function nmeaStreamReceiver(
  input: Readable,
  options: NmeaStdinOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Receiver {
  const bytes = readableBytes(input, options.maxBytesPerS, scheduler, () => input.pause());
  // Silence is told by `health`: this stream cannot be opened again.
  return nmeaReceiver("NMEA on standard input", bytes, options, scheduler, true);
}

function nmeaReceiver(
  name: string,
  bytes: Observable<Uint8Array>,
  options: LiveOptions & { readonly missingChecksum: "refuse" | "accept" },
  scheduler: SchedulerLike,
  once = false,
): Receiver {
  const link = () =>
    readLink(
      bytes,
      { ...options, assembler: nmeaAssembler(options), maxLineBytes: MAX_NMEA_LINE_BYTES },
      scheduler,
    );
  return liveReceiver({ name, link, once }, options, scheduler);
}
