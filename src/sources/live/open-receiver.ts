import type { Readable } from "node:stream";
import type { SchedulerLike } from "rxjs";
import { asyncScheduler } from "rxjs";
import * as z from "zod";
import { GpsdOptions, gpsdReceiver } from "./gpsd-client.ts";
import {
  NmeaSerialOptions,
  NmeaStdinOptions,
  NmeaTcpOptions,
  NmeaUdpOptions,
  nmeaSerialReceiver,
  nmeaStreamReceiver,
  nmeaTcpReceiver,
  nmeaUdpReceiver,
} from "./nmea-receivers.ts";
import { KuksaOptions, kuksaReceiver } from "./kuksa-receiver.ts";
import type { VehicleReceiver } from "./kuksa-receiver.ts";
import type { Receiver } from "./receiver.ts";

/** A receiver as a configuration file names it. */
export const ReceiverConfig = z.discriminatedUnion("kind", [
  GpsdOptions.extend({ kind: z.literal("gpsd") }),
  NmeaSerialOptions.extend({ kind: z.literal("nmea-serial") }),
  NmeaTcpOptions.extend({ kind: z.literal("nmea-tcp") }),
  NmeaUdpOptions.extend({ kind: z.literal("nmea-udp") }),
  NmeaStdinOptions.extend({ kind: z.literal("nmea-stdin") }),
  KuksaOptions.extend({ kind: z.literal("kuksa") }),
]);
export type ReceiverConfig = Readonly<z.infer<typeof ReceiverConfig>>;

/** Opens nothing yet: subscribing to its reports does. */
export function openReceiver(
  config: ReceiverConfig,
  input: Readable,
  scheduler: SchedulerLike = asyncScheduler,
): Receiver & Partial<Pick<VehicleReceiver, "wheelSpeeds">> {
  switch (config.kind) {
    case "gpsd":
      return gpsdReceiver(config, scheduler);
    case "nmea-serial":
      return nmeaSerialReceiver(config, scheduler);
    case "nmea-tcp":
      return nmeaTcpReceiver(config, scheduler);
    case "nmea-udp":
      return nmeaUdpReceiver(config, scheduler);
    case "nmea-stdin":
      return nmeaStreamReceiver(input, config, scheduler);
    case "kuksa":
      return kuksaReceiver(config, scheduler);
    default:
      return config satisfies never;
  }
}
